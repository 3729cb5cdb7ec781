import { as, flag, oneOf, required, text, whole, type Parameters } from '../parameter.js'
import { NODE, VMID } from './cluster.js'
import { on, type Methods } from './method.js'

const ONE = { node: NODE, vmid: VMID }
const AUDIT = on('/vms/{vmid}', 'VM.Audit')
const CHANGE = on('/vms/{vmid}', 'VM.Config.Network')
const DIGEST = text({ maxLength: 64 })
const LEVEL = oneOf('emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug', 'nolog')
const POLICY = oneOf('ACCEPT', 'REJECT', 'DROP')
const ACTION = text({ minLength: 2, maxLength: 20, pattern: /^[A-Za-z][A-Za-z0-9\-_]+$/ })
const TYPE = oneOf('in', 'out', 'forward', 'group')
const SET_NAME = text({ minLength: 2, maxLength: 64, pattern: /^[A-Za-z][A-Za-z0-9\-_]+$/ })

const RULE: Parameters = {
  'comment': text(),
  'dest': as('pve-fw-addr-spec', { maxLength: 512 }),
  'digest': DIGEST,
  'dport': as('pve-fw-dport-spec'),
  'enable': whole(0),
  'icmp-type': as('pve-fw-icmp-type-spec'),
  'iface': as('pve-iface', { minLength: 2, maxLength: 20 }),
  'log': LEVEL,
  'macro': text({ maxLength: 128 }),
  'pos': whole(0),
  'proto': as('pve-fw-protocol-spec'),
  'source': as('pve-fw-addr-spec', { maxLength: 512 }),
  'sport': as('pve-fw-sport-spec'),
}

/** The packet filter of a container; what it lets pass is not simulated. */
export const FIREWALL: Methods = {
  'GET /nodes/{node}/lxc/{vmid}/firewall/options': {
    isProxied: true,
    needs: AUDIT,
    parameters: ONE,
  },
  'PUT /nodes/{node}/lxc/{vmid}/firewall/options': {
    isProtected: true,
    isProxied: true,
    needs: CHANGE,
    parameters: {
      ...ONE,
      delete: as('pve-configid-list'),
      dhcp: flag(),
      digest: DIGEST,
      enable: flag(),
      ipfilter: flag(),
      log_level_in: LEVEL,
      log_level_out: LEVEL,
      macfilter: flag(),
      ndp: flag(),
      policy_in: POLICY,
      policy_out: POLICY,
      radv: flag(),
    },
  },
  'GET /nodes/{node}/lxc/{vmid}/firewall/rules': { needs: AUDIT, parameters: ONE },
  'POST /nodes/{node}/lxc/{vmid}/firewall/rules': {
    isProtected: true,
    needs: CHANGE,
    parameters: { ...ONE, ...RULE, action: required(ACTION), type: required(TYPE) },
  },
  'PUT /nodes/{node}/lxc/{vmid}/firewall/rules/{pos}': {
    isProtected: true,
    needs: CHANGE,
    parameters: {
      ...ONE,
      ...RULE,
      action: ACTION,
      type: TYPE,
      delete: as('pve-configid-list'),
      moveto: whole(0),
    },
  },
  'DELETE /nodes/{node}/lxc/{vmid}/firewall/rules/{pos}': {
    isProtected: true,
    needs: CHANGE,
    parameters: { ...ONE, pos: whole(0), digest: DIGEST },
  },
  'GET /nodes/{node}/lxc/{vmid}/firewall/ipset': { needs: AUDIT, parameters: ONE },
  'POST /nodes/{node}/lxc/{vmid}/firewall/ipset': {
    isProtected: true,
    needs: CHANGE,
    parameters: {
      ...ONE,
      name: required(SET_NAME),
      rename: SET_NAME,
      comment: text(),
      digest: DIGEST,
    },
  },
  'GET /nodes/{node}/lxc/{vmid}/firewall/ipset/{name}': {
    needs: AUDIT,
    parameters: { ...ONE, name: required(SET_NAME) },
  },
  'POST /nodes/{node}/lxc/{vmid}/firewall/ipset/{name}': {
    isProtected: true,
    needs: CHANGE,
    parameters: {
      ...ONE,
      name: required(SET_NAME),
      cidr: required(as('IPorCIDRorAlias')),
      comment: text(),
      nomatch: flag(),
    },
  },
}
