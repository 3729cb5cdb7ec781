import { as, flag, oneOf, required, text, whole, type Parameter } from '../parameter.js'
import { on, type Methods } from './method.js'

export const NODE = required(as('pve-node'))
const ID: Parameter = { ...whole(100, 999_999_999), format: 'pve-vmid' }
export const VMID = required(ID)
const STORAGE = required(as('pve-storage-id'))
const SERIES = {
  timeframe: required(oneOf('hour', 'day', 'week', 'month', 'year')),
  cf: oneOf('AVERAGE', 'MAX'),
}
export const RRD = SERIES
const UPID = required(text())

/** The cluster as a whole, its nodes, what they store and what they did. */
export const CLUSTER: Methods = {
  'GET /version': { parameters: {} },
  'GET /cluster/status': { isProtected: true, needs: on('/', 'Sys.Audit'), parameters: {} },
  'GET /cluster/nextid': { parameters: { vmid: ID } },
  'GET /cluster/resources': { parameters: { type: oneOf('vm', 'storage', 'node', 'sdn') } },
  'GET /cluster/tasks': { parameters: {} },
  'GET /nodes': { parameters: {} },
  'GET /nodes/{node}/status': {
    isProxied: true,
    needs: on('/nodes/{node}', 'Sys.Audit'),
    parameters: { node: NODE },
  },
  'GET /nodes/{node}/time': {
    isProxied: true,
    needs: on('/nodes/{node}', 'Sys.Audit'),
    parameters: { node: NODE },
  },
  'GET /nodes/{node}/rrddata': {
    isProtected: true,
    needs: on('/nodes/{node}', 'Sys.Audit'),
    parameters: { node: NODE, ...SERIES },
  },
  'GET /nodes/{node}/network': {
    isProxied: true,
    parameters: {
      node: NODE,
      type: oneOf(
        'bridge',
        'bond',
        'eth',
        'alias',
        'vlan',
        'OVSBridge',
        'OVSBond',
        'OVSPort',
        'OVSIntPort',
        'vnet',
        'any_bridge',
        'any_local_bridge'
      ),
    },
  },
  'GET /nodes/{node}/storage': {
    isProtected: true,
    isProxied: true,
    parameters: {
      node: NODE,
      content: as('pve-storage-content-list'),
      enabled: flag(),
      format: flag(),
      storage: as('pve-storage-id'),
      target: as('pve-node'),
    },
  },
  'GET /nodes/{node}/storage/{storage}/status': {
    isProtected: true,
    isProxied: true,
    needs: on('/storage/{storage}', 'Datastore.Audit', 'Datastore.AllocateSpace'),
    parameters: { node: NODE, storage: STORAGE },
  },
  'GET /nodes/{node}/storage/{storage}/content': {
    isProtected: true,
    isProxied: true,
    needs: on('/storage/{storage}', 'Datastore.Audit', 'Datastore.AllocateSpace'),
    parameters: { node: NODE, storage: STORAGE, content: as('pve-storage-content'), vmid: ID },
  },
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': {
    isProtected: true,
    isProxied: true,
    parameters: {
      node: NODE,
      storage: as('pve-storage-id'),
      volume: required(text()),
      delay: whole(1, 30),
    },
  },
  'GET /nodes/{node}/aplinfo': { isProxied: true, parameters: { node: NODE } },
  'POST /nodes/{node}/aplinfo': {
    isProtected: true,
    isProxied: true,
    needs: on('/storage/{storage}', 'Datastore.AllocateTemplate'),
    parameters: { node: NODE, storage: STORAGE, template: required(text({ maxLength: 255 })) },
  },
  'GET /nodes/{node}/tasks': {
    isProxied: true,
    parameters: {
      node: NODE,
      vmid: ID,
      errors: flag(),
      limit: whole(0),
      start: whole(0),
      since: whole(),
      until: whole(),
      source: oneOf('archive', 'active', 'all'),
      statusfilter: as('pve-task-status-type-list'),
      typefilter: text(),
      userfilter: text(),
    },
  },
  'GET /nodes/{node}/tasks/{upid}/status': {
    isProtected: true,
    isProxied: true,
    parameters: { node: NODE, upid: UPID },
  },
  'GET /nodes/{node}/tasks/{upid}/log': {
    isProtected: true,
    isProxied: true,
    parameters: { node: NODE, upid: UPID, start: whole(0), limit: whole(0), download: flag() },
  },
  'DELETE /nodes/{node}/tasks/{upid}': {
    isProtected: true,
    isProxied: true,
    parameters: { node: NODE, upid: UPID },
  },
}
