import type { apiAuditEvent } from '#transformers/api/v1/audit_event'
import type { apiBackup } from '#transformers/api/v1/backup'
import type { apiBatch, apiBatchItem, apiBatchRow } from '#transformers/api/v1/batch'
import type { apiBillingKey } from '#transformers/api/v1/billing_key'
import type { apiConsoleTicket } from '#transformers/api/v1/console'
import type { apiCopySchedule } from '#transformers/api/v1/copy_schedule'
import type { apiInterface, apiNetworkChoice } from '#transformers/api/v1/interface'
import type { apiInvitation, apiOpenInvitation } from '#transformers/api/v1/invitation'
import type { apiNotices } from '#transformers/api/v1/notices'
import type { apiClusters, apiImages, apiPlanChoice, apiPlans } from '#transformers/api/v1/offer'
import type { apiForward, apiPortPool } from '#transformers/api/v1/port_forward'
import type { apiKeptKey, apiKey } from '#transformers/api/v1/ssh_key'
import type { apiMember } from '#transformers/api/v1/member'
import type { apiOrganization, apiOrganizationRow } from '#transformers/api/v1/organization'
import type { apiSession } from '#transformers/api/v1/session'
import type { apiClusterTask, apiClusterTaskWithLog } from '#transformers/api/v1/cluster_task'
import type { apiSnapshot } from '#transformers/api/v1/snapshot'
import type { apiDelivery, apiDeliveryRow, apiWebhook } from '#transformers/api/v1/webhook'
import type { apiSuspension } from '#transformers/api/v1/suspension'
import type { apiToken } from '#transformers/api/v1/token'
import type { apiOfferedInstance, apiTransfer } from '#transformers/api/v1/transfer'
import type { apiInstance, apiInstanceRow } from '#transformers/api/v1/instance'
import type { apiOperation, apiOperationRow } from '#transformers/api/v1/operation'
import type {
  billedAddresses,
  billedInstance,
  billedTraffic,
  billedUsage,
} from '#transformers/api/billing/instance'
import type { billedForward } from '#transformers/api/billing/forward'
import type { billedClusterTask, billedTask, billedTaskRow } from '#transformers/api/billing/task'
import type { meOf } from '#transformers/me'
import type { osServer } from '#transformers/api/os/server'
import type { apiTraffic, apiUsage } from '#transformers/api/v1/usage'
import {
  list,
  moment,
  nullable,
  number,
  object,
  of,
  oneOf,
  partly,
  text,
  truth,
  whole,
  type JsonSchema,
} from '#reference/schema'
import { CLUSTER_TASK_TYPES, INSTANCE_KINDS } from '#drivers/contract'
import { FORWARD_PROTOCOLS } from '#forwarders/contract'
import { OUTCOMES } from '#models/batch_list'
import { USAGE_RANGES } from '#models/usage_history'
import {
  AUDIT_OUTCOMES,
  BATCH_DEEDS,
  CONSOLE_VIEWS,
  COPY_RHYTHMS,
  DELIVERY_STATES,
  NOTICE_KINDS,
  NOTICE_TYPES,
  OPERATION_STATES,
  OPERATION_TYPES,
  ORGANIZATION_KINDS,
  QUOTA_RESOURCES,
  ROLES,
  SCOPES,
  STAFF_ROLES,
  SUSPENSION_REASONS,
  TRAFFIC_ACTIONS,
} from '#models/types'
import { WEBHOOK_PROBLEMS } from '#services/webhook_call'

const MAYBE_TEXT = nullable(text)
const MAYBE_WHOLE = nullable(whole)

/** A thing by its name, as answers point to it. */
const named = object({ uid: text, name: text })

export const me: JsonSchema = of<ReturnType<typeof meOf>>({
  uid: text,
  email: text,
  name: nullable(text),
  locale: text,
  time_zone: text,
  staff_role: nullable(oneOf(STAFF_ROLES)),
  organizations: list(object({ name: text, slug: text, role: oneOf(ROLES) })),
})

const bothInstances = {
  uid: text,
  name: text,
  status: text,
  kind: oneOf(INSTANCE_KINDS),
  cpus: whole,
  memory_mib: whole,
  disk_gib: whole,
  plan: nullable(named),
  image: nullable(named),
  cluster: named,
  operation: MAYBE_TEXT,
  created_at: moment,
}

export const instance: JsonSchema = of<ReturnType<typeof apiInstance>>({
  ...bothInstances,
  ingress_mbps: MAYBE_WHOLE,
  egress_mbps: MAYBE_WHOLE,
  traffic_gib: MAYBE_WHOLE,
  snapshot_limit: whole,
  port_forward_limit: whole,
  suspended_for: list(oneOf(SUSPENSION_REASONS)),
  addresses: list(object({ family: whole, address: text })),
  observed_at: nullable(moment),
})

export const instanceRow: JsonSchema = of<ReturnType<typeof apiInstanceRow>>({
  ...bothInstances,
  plan: MAYBE_TEXT,
  image: MAYBE_TEXT,
  cluster: text,
  addresses: list(text),
})

const bothOperations = {
  uid: text,
  type: oneOf(OPERATION_TYPES),
  state: oneOf(OPERATION_STATES),
  instance: MAYBE_TEXT,
  error: MAYBE_TEXT,
  created_at: moment,
  ended_at: nullable(moment),
}

export const operation: JsonSchema = of<ReturnType<typeof apiOperation>>({
  ...bothOperations,
  is_open: truth,
  steps: list(object({ name: text, state: text, took_ms: nullable(number) })),
})

export const operationRow: JsonSchema = of<ReturnType<typeof apiOperationRow>>(bothOperations)

export const cluster: JsonSchema = of<ReturnType<typeof apiClusters>[number]>({
  uid: text,
  name: text,
  families: list(whole),
})

export const image: JsonSchema = of<ReturnType<typeof apiImages>[number]>({
  uid: text,
  name: text,
  kind: oneOf(INSTANCE_KINDS),
  os: MAYBE_TEXT,
})

const bothPlans = {
  uid: text,
  name: text,
  description: MAYBE_TEXT,
  kind: oneOf(INSTANCE_KINDS),
  cpus: whole,
  memory_mib: whole,
  disk_gib: whole,
  ingress_mbps: MAYBE_WHOLE,
  egress_mbps: MAYBE_WHOLE,
  traffic_gib: MAYBE_WHOLE,
  snapshot_limit: whole,
  port_forward_limit: whole,
}

export const plan: JsonSchema = of<ReturnType<typeof apiPlans>[number]>({
  ...bothPlans,
  exceeds: list(oneOf(QUOTA_RESOURCES)),
})

export const planChoice: JsonSchema = of<ReturnType<typeof apiPlanChoice>>({
  ...bothPlans,
  refusal: nullable(oneOf(['current', 'disk', 'quota', 'room'])),
})

export const quota = object({
  resource: oneOf(QUOTA_RESOURCES),
  maximum: MAYBE_WHOLE,
  used: whole,
})

export const usage: JsonSchema = of<ReturnType<typeof apiUsage>>({
  range: oneOf(USAGE_RANGES),
  step_seconds: whole,
  points: list(
    object({
      at: moment,
      cpu_percent: nullable(number),
      memory_mib: nullable(number),
      disk_mib: nullable(number),
      received_bytes: number,
      sent_bytes: number,
    })
  ),
})

export const traffic: JsonSchema = of<ReturnType<typeof apiTraffic>>({
  used_bytes: whole,
  received_bytes: whole,
  sent_bytes: whole,
  waived_bytes: whole,
  allowed_gib: MAYBE_WHOLE,
  percent: MAYBE_WHOLE,
  action: oneOf(TRAFFIC_ACTIONS),
  throttle_mbps: whole,
  throttled_mbps: MAYBE_WHOLE,
  ends_at: moment,
  time_zone: text,
})

export const card: JsonSchema = of<ReturnType<typeof apiInterface>>({
  /** null: the one it was made with. */
  uid: MAYBE_TEXT,
  name: text,
  network: MAYBE_TEXT,
  mac_address: MAYBE_TEXT,
  addresses: list(object({ family: whole, address: text })),
  state: oneOf(['attached', 'attaching', 'detaching']),
  created_at: nullable(moment),
})

export const networkChoice: JsonSchema = of<ReturnType<typeof apiNetworkChoice>>({
  name: text,
  families: list(whole),
})

export const forward: JsonSchema = of<ReturnType<typeof apiForward>>({
  uid: text,
  protocol: oneOf(FORWARD_PROTOCOLS),
  address: text,
  first_port: whole,
  last_port: whole,
  target_port: whole,
  note: MAYBE_TEXT,
  is_for_ssh: truth,
  state: oneOf(['creating', 'deleting', 'active', 'missing', 'failed']),
  created_at: moment,
})

export const portPool: JsonSchema = of<ReturnType<typeof apiPortPool>>({
  uid: text,
  name: text,
  address: text,
  ports: text,
})

export const snapshot: JsonSchema = of<ReturnType<typeof apiSnapshot>>({
  uid: text,
  name: text,
  state: oneOf(['creating', 'deleting', 'working', 'active', 'expired', 'failed']),
  rhythm: nullable(oneOf(COPY_RHYTHMS)),
  created_by: MAYBE_TEXT,
  taken_at: nullable(moment),
  expires_at: nullable(moment),
})

const CLUSTER_TASK = {
  id: text,
  type: oneOf(CLUSTER_TASK_TYPES),
  state: oneOf(['running', 'succeeded', 'failed']),
  reason: MAYBE_TEXT,
  started_at: moment,
  ended_at: nullable(moment),
}
export const clusterTask: JsonSchema = of<ReturnType<typeof apiClusterTask>>(CLUSTER_TASK)
export const clusterTaskWithLog: JsonSchema = of<ReturnType<typeof apiClusterTaskWithLog>>({
  ...CLUSTER_TASK,
  log: list(text),
})

export const copySchedule: JsonSchema = of<ReturnType<typeof apiCopySchedule>>({
  uid: text,
  rhythm: oneOf(COPY_RHYTHMS),
  keep: whole,
  hour: whole,
  weekday: whole,
  next_at: moment,
  refused: MAYBE_TEXT,
})

export const backup: JsonSchema = of<ReturnType<typeof apiBackup>>({
  uid: text,
  name: text,
  state: oneOf(['creating', 'available', 'failed']),
  instance: object({ uid: text, name: text, is_deleted: truth }),
  disk_gib: whole,
  size_bytes: MAYBE_WHOLE,
  sha256: MAYBE_TEXT,
  rhythm: nullable(oneOf(COPY_RHYTHMS)),
  created_by: MAYBE_TEXT,
  created_at: moment,
  expires_at: nullable(moment),
})

const bothKeys = {
  uid: text,
  type: text,
  fingerprint: text,
  comment: MAYBE_TEXT,
  public_key: text,
  created_at: moment,
}

export const keptKey: JsonSchema = of<ReturnType<typeof apiKeptKey>>(bothKeys)

export const key: JsonSchema = of<ReturnType<typeof apiKey>>({ ...bothKeys, added_by: MAYBE_TEXT })

const webhookFields = {
  uid: text,
  url: text,
  kinds: list(oneOf(NOTICE_KINDS)),
  state: oneOf(['active', 'failing', 'disabled']),
  failing_since: nullable(moment),
  disabled_at: nullable(moment),
  old_secret_until: nullable(moment),
  created_at: moment,
}

export const webhook: JsonSchema = of<ReturnType<typeof apiWebhook>>(webhookFields)

/** Told once. */
export const webhookWithSecret: JsonSchema = object({ ...webhookFields, secret: text })

const deliveryFields = {
  uid: text,
  event: text,
  type: oneOf(NOTICE_TYPES),
  state: oneOf(DELIVERY_STATES),
  attempts: whole,
  status: MAYBE_WHOLE,
  problem: nullable(oneOf(WEBHOOK_PROBLEMS)),
  took_ms: MAYBE_WHOLE,
  next_attempt_at: nullable(moment),
  attempted_at: nullable(moment),
  created_at: moment,
}

export const deliveryRow: JsonSchema = of<ReturnType<typeof apiDeliveryRow>>(deliveryFields)

export const delivery: JsonSchema = of<ReturnType<typeof apiDelivery>>({
  ...deliveryFields,
  body: text,
})

export const rootPassword: JsonSchema = object({ instance: text, user: text, password: text })

export const rescue: JsonSchema = object({
  failed_operation: MAYBE_TEXT,
  log: nullable(list(text)),
})

export const suspension: JsonSchema = of<ReturnType<typeof apiSuspension>>({
  reason: oneOf(SUSPENSION_REASONS),
  imposed_at: moment,
})

export const member: JsonSchema = of<ReturnType<typeof apiMember>>({
  uid: text,
  name: text,
  email: text,
  role: oneOf(ROLES),
  is_disabled: truth,
  joined_at: moment,
})

export const auditEvent: JsonSchema = of<ReturnType<typeof apiAuditEvent>>({
  uid: text,
  position: whole,
  action: text,
  outcome: oneOf(AUDIT_OUTCOMES),
  who: text,
  by_program: MAYBE_TEXT,
  subject: nullable(object({ kind: text, uid: MAYBE_TEXT, label: MAYBE_TEXT })),
  changes: list(object({ field: text, before: MAYBE_TEXT, after: MAYBE_TEXT })),
  ip_address: MAYBE_TEXT,
  user_agent: MAYBE_TEXT,
  occurred_at: moment,
})

const tenant = object({ name: text, slug: text })
const KINDS = oneOf(ORGANIZATION_KINDS)

export const organization: JsonSchema = of<ReturnType<typeof apiOrganization>>({
  name: text,
  slug: text,
  kind: KINDS,
  role: oneOf(ROLES),
  created_at: moment,
})

export const organizationRow: JsonSchema = of<ReturnType<typeof apiOrganizationRow>>({
  name: text,
  slug: text,
  kind: KINDS,
  role: oneOf(ROLES),
  members: whole,
  instances: whole,
})

export const invitation: JsonSchema = of<ReturnType<typeof apiInvitation>>({
  uid: text,
  email: text,
  role: oneOf(ROLES),
  state: oneOf(['open', 'expired', 'accepted', 'revoked']),
  invited_by: MAYBE_TEXT,
  sent_at: nullable(moment),
  expires_at: moment,
})

export const openInvitation: JsonSchema = of<ReturnType<typeof apiOpenInvitation>>({
  uid: text,
  organization: tenant,
  role: oneOf(ROLES),
  invited_by: MAYBE_TEXT,
  expires_at: moment,
})

export const notices: JsonSchema = of<ReturnType<typeof apiNotices>>({
  member: text,
  email: text,
  kinds: list(oneOf(NOTICE_KINDS)),
})

export const ownMails = object({
  token_mails: truth,
  organizations: list(object({ name: text, slug: text, kinds: list(oneOf(NOTICE_KINDS)) })),
})

export const session: JsonSchema = of<ReturnType<typeof apiSession>>({
  uid: text,
  method: text,
  ip_address: text,
  user_agent: text,
  created_at: moment,
  last_seen_at: moment,
})

export const token: JsonSchema = of<ReturnType<typeof apiToken>>({
  uid: text,
  name: nullable(text),
  scopes: list(oneOf(SCOPES)),
  allowed_addresses: list(text),
  requests_per_minute: MAYBE_WHOLE,
  created_at: moment,
  last_used_at: nullable(moment),
  last_used_from: MAYBE_TEXT,
  expires_at: nullable(moment),
})

export const billingKey: JsonSchema = of<ReturnType<typeof apiBillingKey>>({
  uid: text,
  name: text,
  prefix: text,
  state: oneOf(['live', 'expired', 'revoked']),
  allowed_addresses: list(text),
  allows_free_sizes: truth,
  plans: list(text),
  clusters: list(text),
  created_at: moment,
  last_used_at: nullable(moment),
  last_used_from: MAYBE_TEXT,
  expires_at: nullable(moment),
})

export const transfer: JsonSchema = of<ReturnType<typeof apiTransfer>>({
  uid: text,
  to: tenant,
  expires_at: moment,
  created_at: moment,
})

export const offeredInstance: JsonSchema = of<ReturnType<typeof apiOfferedInstance>>({
  uid: text,
  from: tenant,
  offered_by: MAYBE_TEXT,
  is_open: truth,
  expires_at: moment,
  instance: object({
    name: text,
    cpus: whole,
    memory_mib: whole,
    disk_gib: whole,
    plan: MAYBE_TEXT,
    cluster: text,
  }),
})

const bothBatches = {
  uid: text,
  deed: oneOf(BATCH_DEEDS),
  is_open: truth,
  requested_by: MAYBE_TEXT,
  created_at: moment,
  ended_at: nullable(moment),
}

const batchFacts = {
  ...bothBatches,
  is_cancelled: truth,
  counts: object({ all: whole, open: whole, succeeded: whole, failed: whole, cancelled: whole }),
  retry_of: MAYBE_TEXT,
}

export const batch: JsonSchema = of<ReturnType<typeof apiBatch>>(batchFacts)

/** `unknown`: what was named and is not there. */
export const orderedBatch: JsonSchema = object({ ...batchFacts, unknown: list(text) })

export const batchRow: JsonSchema = of<ReturnType<typeof apiBatchRow>>({
  ...bothBatches,
  total: whole,
  succeeded: whole,
})

export const batchItem: JsonSchema = of<ReturnType<typeof apiBatchItem>>({
  instance: named,
  outcome: oneOf(Object.values(OUTCOMES).flat()),
  operation: MAYBE_TEXT,
  error: MAYBE_TEXT,
  refusal: nullable(object({ code: text, detail: text })),
})

export const consoles: JsonSchema = object({ kinds: list(oneOf(CONSOLE_VIEWS)), is_running: truth })

export const consoleTicket: JsonSchema = of<ReturnType<typeof apiConsoleTicket>>({
  ticket: text,
  url: text,
  protocols: list(text),
  expires_in: whole,
})

export const data = (schema: JsonSchema): JsonSchema => object({ data: schema })

/** A page of a list with the cursors of its neighbours. */
export const page = (row: JsonSchema): JsonSchema =>
  object({ data: list(row), previous: MAYBE_TEXT, next: MAYBE_TEXT })

export const accepted: JsonSchema = data(object({ instance: text, operation }))

/** `instance` null: the operation is of a licence. */
export const retried: JsonSchema = data(object({ instance: MAYBE_TEXT, operation }))

/** … with what comes into being. */
export const acceptedWith = (more: Record<string, JsonSchema>): JsonSchema =>
  data(object({ instance: text, operation, ...more }))

/** `operation` null: nothing had to be done in a cluster. */
export const acceptedOrDone: JsonSchema = data(
  object({ instance: text, operation: nullable(operation) })
)

/** RFC 9457. */
export const problem: JsonSchema = {
  type: 'object',
  properties: {
    type: text,
    status: whole,
    code: { type: 'string', pattern: '^E_[A-Z_]+$' },
    detail: text,
    field: MAYBE_TEXT,
    errors: list(object({ field: text, code: text, detail: text })),
    request_id: text,
  },
  required: ['type', 'status', 'code', 'detail', 'request_id'],
}

export const message: JsonSchema = object({ msg: text })

export const server: JsonSchema = of<ReturnType<typeof osServer>>({
  id: text,
  name: text,
  status: text,
})

/** What the billing API answers: `code` is 200 or the reason why not. */
export const envelope = (schema: JsonSchema): JsonSchema =>
  object({ code: whole, msg: text, data: schema })

export const billed: JsonSchema = of<ReturnType<typeof billedInstance>>({
  Hostname: text,
  Status: oneOf(['running', 'stop', 'frozen', 'unknown']),
  CPUCores: whole,
  TotalRam: whole,
  TotalDisk: whole,
  IP: text,
  Bandwidth: whole,
  ImageSourceAlias: MAYBE_TEXT,
  hostname: text,
  status: oneOf(['RUNNING', 'STOPPED', 'FROZEN', 'UNKNOWN']),
  ipv4: MAYBE_TEXT,
  ipv6: MAYBE_TEXT,
  type: oneOf(INSTANCE_KINDS),
  created_at: moment,
  config: object({ cpus: whole, memory: text, disk: text, traffic_limit: whole }),
  memory: whole,
  disk: whole,
})

export const billedUse: JsonSchema = of<ReturnType<typeof billedUsage>>({
  UsedCPU: number,
  UsedRam: whole,
  UsedDisk: whole,
  UseBandwidth: number,
  UseBandwidth_GB: number,
  cpu_usage: text,
  cpu_percent: number,
  memory_usage: text,
  memory_usage_raw: whole,
  memory_percent: number,
  disk_usage: text,
  disk_usage_raw: whole,
  disk_percent: number,
  traffic_usage: text,
  traffic_usage_raw: whole,
})

export const billedAccess: JsonSchema = partly(
  of<ReturnType<typeof billedAddresses>>({
    dedicatedip: MAYBE_TEXT,
    assignedips: text,
    ssh_port: whole,
  }),
  'ssh_port'
)

export const rule: JsonSchema = of<ReturnType<typeof billedForward>>({
  Dtype: text,
  Dport: text,
  Sport: text,
  ID: text,
  container_name: text,
  protocol: oneOf(FORWARD_PROTOCOLS),
  external_ip: text,
  external_port: whole,
  external_port_end: whole,
  internal_port: whole,
  internal_port_end: whole,
  ip_version: whole,
  status: oneOf(['active', 'pending']),
  description: text,
})

export const billedTrafficUsed: JsonSchema = of<ReturnType<typeof billedTraffic>>({
  hostname: text,
  used: number,
  used_bytes: whole,
  limit: whole,
  month: MAYBE_TEXT,
})

const TASK_STATUSES = oneOf(['PENDING', 'STARTED', 'SUCCESS', 'FAILURE', 'REVOKED'])

export const task: JsonSchema = of<ReturnType<typeof billedTask>>({
  task_id: text,
  action: oneOf(OPERATION_TYPES),
  status: TASK_STATUSES,
  result: MAYBE_TEXT,
})

export const taskRow: JsonSchema = of<ReturnType<typeof billedTaskRow>>({
  id: text,
  action: oneOf(OPERATION_TYPES),
  title: text,
  status: TASK_STATUSES,
  error_msg: MAYBE_TEXT,
  created_at: moment,
  completed_at: nullable(moment),
})

export const billedClusterTaskRow: JsonSchema = of<ReturnType<typeof billedClusterTask>>({
  id: text,
  action: oneOf(CLUSTER_TASK_TYPES),
  title: text,
  status: TASK_STATUSES,
  error_msg: MAYBE_TEXT,
  created_at: moment,
  completed_at: nullable(moment),
})
