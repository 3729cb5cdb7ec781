import type { HttpContext } from '@adonisjs/core/http'
import AddressPool from '#models/address_pool'
import type AuditEvent from '#models/audit_event'
import { platformLog } from '#models/audit_log'
import Cluster from '#models/cluster'
import Image from '#models/image'
import { listInstances, type InstanceRow } from '#models/instance_list'
import { listLeases } from '#models/lease_list'
import { listLicenses } from '#models/license_list'
import Node from '#models/node'
import { listOperations, type OperationRow } from '#models/operation_list'
import { listOrganizations, listUsers } from '#models/people'
import Plan from '#models/plan'
import { listForwards } from '#models/port_forward_list'
import StaffPolicy from '#policies/staff_policy'
import {
  at,
  auditColumns,
  instanceColumns,
  licenseColumns,
  operationColumns,
} from '#controllers/exports/columns'
import { answerWith, exported, type ExportedList } from '#controllers/exports/list'
import { staffAuditEvent } from '#transformers/audit_event'
import { auditFilter } from '#validators/audit_filter'
import { imageFilter } from '#validators/image'
import { instanceListRequest } from '#validators/instance_list'
import { licenseListRequest } from '#validators/license'
import { searchOf } from '#validators/list'
import { operationListRequest } from '#validators/operation_list'

const PAGE_SIZE = 100

const authorize = ({ bouncer }: HttpContext) => bouncer.with(StaffPolicy).authorize('read')

/** The staff's lists as files, over all organizations. */
const LISTS: Record<string, ExportedList> = {
  'instances': exported({
    authorize,
    read: (_, query) => {
      const asked = {
        ...instanceListRequest(query, { staff: true }),
        size: PAGE_SIZE,
        isOneList: true,
      }
      return (cursor) => listInstances(null, { ...asked, cursor })
    },
    columns: {
      organization: ({ organization }: InstanceRow) => organization,
      ...instanceColumns,
      node: ({ node }: InstanceRow) => node,
    },
  }),
  'operations': exported({
    authorize,
    read: (_, query) => {
      const asked = { ...operationListRequest(query), size: PAGE_SIZE }
      return (cursor) => listOperations(null, { ...asked, cursor })
    },
    columns: {
      organization: ({ organization }: OperationRow) => organization,
      ...operationColumns,
    },
  }),
  'audit': exported({
    authorize,
    read: ({ auth }, query) => {
      const filter = auditFilter(query, auth.getUserOrFail().timeZone)
      return (cursor) => platformLog(filter, cursor)
    },
    columns: {
      ...auditColumns,
      who: (event: AuditEvent, i18n) => staffAuditEvent(event, i18n).who,
      address: ({ ipAddress }: AuditEvent) => ipAddress,
      organization: ({ organization }: AuditEvent) => organization?.name,
      request: ({ requestId }: AuditEvent) => requestId,
      hash: ({ hash }: AuditEvent) => hash,
    },
  }),
  'organizations': exported({
    authorize,
    read: (_, query) => {
      const { words } = searchOf(query)
      return (cursor) => listOrganizations(words, cursor)
    },
    columns: {
      id: ({ uid }) => uid,
      name: ({ name }) => name,
      slug: ({ slug }) => slug,
      members: ({ members }) => Number(members),
      instances: ({ instances }) => Number(instances),
      created: (row) => at(row.created_at),
      deleted: (row) => at(row.deleted_at),
    },
  }),
  'users': exported({
    authorize,
    read: (_, query) => {
      const { words } = searchOf(query)
      return (cursor) => listUsers(words, cursor)
    },
    columns: {
      id: ({ uid }) => uid,
      email: ({ email }) => email,
      name: (row) => row.full_name,
      role: (row) => row.staff_role,
      organizations: ({ organizations }) => Number(organizations),
      verified: (row) => at(row.email_verified_at),
      disabled: (row) => at(row.disabled_at),
      signed_in: (row) => at(row.last_sign_in_at),
      created: (row) => at(row.created_at),
    },
  }),
  'clusters': exported({
    authorize,
    read: () => (cursor) => Cluster.list(cursor),
    columns: {
      id: ({ uid }) => uid,
      name: ({ name }) => name,
      driver: ({ driver }) => driver,
      endpoint: ({ endpoint }) => endpoint,
      status: ({ status }, i18n) => i18n.t(`states.${status}`),
      seen: ({ lastSeenAt }) => at(lastSeenAt),
      closed: ({ closedAt }) => at(closedAt),
      created: ({ createdAt }) => at(createdAt),
    },
  }),
  'nodes': exported({
    authorize,
    read: async (_, query) => {
      const cluster = await Cluster.presentAs(String(query.cluster))
      const nodes = await Node.query().where('cluster_id', cluster.id).orderBy('name')
      return async () => ({
        rows: nodes.map((node) => ({ node, cluster })),
        previous: null,
        next: null,
      })
    },
    columns: {
      id: ({ node }) => node.uid,
      name: ({ node }) => node.name,
      cluster: ({ cluster }) => cluster.name,
      status: ({ node }, i18n) => i18n.t(`states.${node.online ? 'online' : 'offline'}`),
      cpus: ({ node }) => node.cpus,
      memory_mib: ({ node }) => node.memoryMib,
      memory_used_mib: ({ node }) => node.memoryUsedMib,
      disk_gib: ({ node }) => node.diskGib,
      disk_used_gib: ({ node }) => node.diskUsedGib,
      closed: ({ node }) => at(node.closedAt),
    },
  }),
  'images': exported({
    authorize,
    read: (_, query) => {
      const filter = imageFilter(query)
      return (cursor) => Image.found(filter, cursor)
    },
    columns: {
      id: ({ uid }) => uid,
      name: ({ name }) => name,
      title: ({ title }) => title,
      cluster: ({ cluster }) => cluster.name,
      kind: ({ kind }, i18n) => i18n.t(`instances.kind.${kind}`),
      architecture: ({ architecture }) => architecture,
      size_mib: ({ sizeMib }) => sizeMib,
      offered: ({ offeredAt }) => at(offeredAt),
    },
  }),
  'plans': exported({
    authorize,
    read: () => (cursor) => Plan.list(cursor),
    columns: {
      id: ({ uid }) => uid,
      name: ({ name }) => name,
      kind: ({ kind }, i18n) => i18n.t(`instances.kind.${kind}`),
      cpus: ({ cpus }) => cpus,
      memory_mib: ({ memoryMib }) => memoryMib,
      disk_gib: ({ diskGib }) => diskGib,
      ingress_mbps: ({ ingressMbps }) => ingressMbps,
      egress_mbps: ({ egressMbps }) => egressMbps,
      traffic_gib: ({ trafficGib }) => trafficGib,
      archived: ({ archivedAt }) => at(archivedAt),
    },
  }),
  'address-pools': exported({
    authorize,
    read: async (_, query) => {
      const cluster = await Cluster.present().where('uid', String(query.cluster)).first()
      return (cursor) => AddressPool.list(cluster, cursor)
    },
    columns: {
      id: ({ uid }) => uid,
      name: ({ name }) => name,
      cluster: ({ cluster }) => cluster.name,
      network: ({ cidr }) => cidr,
      gateway: ({ gateway }) => gateway,
      closed: ({ closedAt }) => at(closedAt),
    },
  }),
  'addresses': exported({
    authorize,
    read: async (_, query) => {
      const pool = await AddressPool.presentAs(String(query.pool))
      return (cursor) => listLeases(pool, cursor)
    },
    columns: {
      address: ({ address }) => address,
      instance: ({ instance }) => instance,
      instance_id: (row) => row.instance_uid,
      organization: ({ organization }) => organization,
      reserved: (row) => at(row.created_at),
      assigned: (row) => at(row.assigned_at),
    },
  }),
  'port-forwards': exported({
    authorize,
    read: (_, query) => {
      const { words } = searchOf(query)
      return (cursor) => listForwards({ words }, cursor)
    },
    columns: {
      id: ({ uid }) => uid,
      protocol: ({ protocol }) => protocol,
      address: ({ address }) => address,
      first_port: (row) => row.first_port,
      last_port: (row) => row.last_port,
      target_port: (row) => row.target_port,
      instance: ({ instance }) => instance,
      organization: ({ organization }) => organization,
      cluster: ({ cluster }) => cluster,
      note: ({ note }) => note,
      created: (row) => at(row.created_at),
    },
  }),
  'licenses': exported({
    authorize,
    read: (_, query) => {
      const asked = licenseListRequest(query)
      return (cursor) => listLicenses(null, { ...asked, cursor }, PAGE_SIZE)
    },
    columns: licenseColumns,
  }),
}

export default class ExportsController {
  show(ctx: HttpContext) {
    return answerWith(ctx, LISTS, null)
  }
}
