/** Closed sets and the shapes of JSON columns. `database/schema_rules.ts` puts them into the schema classes. */
import type { StoreName } from '#services/archive_store'
import { CONSOLE_KINDS, type InspectedGuest, type PowerState, type Size } from '#drivers/contract'
import type { DriverErrorKind } from '#drivers/errors'
import type auditTexts from '../../resources/lang/en/audit.json'
import type doctorTexts from '../../resources/lang/en/doctor.json'

export const STAFF_ROLES = ['viewer', 'operator', 'admin'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

/** From the least to the most. */
export const ROLES = ['viewer', 'operator', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

export const ORGANIZATION_KINDS = ['personal', 'team', 'provider'] as const
export type OrganizationKind = (typeof ORGANIZATION_KINDS)[number]

export const QUOTA_RESOURCES = [
  'instances',
  'cpus',
  'memory_mib',
  'disk_gib',
  'addresses',
  'port_forwards',
  'snapshots',
  'backups',
] as const
export type QuotaResource = (typeof QUOTA_RESOURCES)[number]

export type ClusterStatus = 'unknown' | 'online' | 'offline'

export type ClusterSettings = {
  /** Where root disks go. */
  storagePool?: string
  /** Networks that address pools may be plugged into; missing: all. */
  networks?: string[]
  /** How much more memory than there is may be sold: 1 is none. */
  memoryOvercommit?: number
  /** Where its months of traffic begin. */
  timeZone?: string
  /** The client certificate's public part, PEM; its key is among the credentials. */
  clientCertificate?: string
  /** As whom a cluster lets us in that knows us by a token or a password; those are among the credentials. */
  account?: string
  /** The numbers that instances get, where a cluster numbers them. */
  firstVmid?: number
  lastVmid?: number
  /** VLANs on its bridges, where each is a network of its own. */
  vlans?: number[]
  /** Each instance has an account of the cluster for its consoles; missing: Portico opens them as itself. */
  consoleAccounts?: boolean
  /** Vendor options, e.g. `project` for LXD, `createMs` for fake. */
  [option: string]: unknown
}

export const SUSPENSION_REASONS = ['billing', 'abuse', 'traffic', 'resale'] as const
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number]

export const OPERATION_TYPES = [
  'instance.create',
  'instance.power',
  'instance.delete',
  'instance.throttle',
  'license.issue',
  'port_forward.create',
  'port_forward.delete',
  'instance.suspend',
  'instance.unsuspend',
  'instance.reset_password',
  'instance.reinstall',
  'instance.resize',
  'snapshot.create',
  'snapshot.restore',
  'snapshot.delete',
  'instance.rename',
  'instance.change_keys',
  'instance.adopt',
  'instance.repair',
  'instance.recreate',
  'instance.rescue',
  'instance.move',
  'instance.attach_network',
  'instance.detach_network',
  'backup.create',
] as const
export type OperationType = (typeof OPERATION_TYPES)[number]
/** By what they are done to. */
export type LicenseOperationType = Extract<OperationType, `license.${string}`>
export type InstanceOperationType = Exclude<OperationType, LicenseOperationType>

export const OPERATION_STATES = [
  'queued',
  'running',
  'compensating',
  'succeeded',
  'failed',
  'cancelled',
  'needs_attention',
] as const
export type OperationState = (typeof OPERATION_STATES)[number]

/** What became of one step. */
export type StepRecord = {
  name: string
  state: 'running' | 'done' | 'failed' | 'undoing' | 'undone'
  startedAt: string
  endedAt: string | null
  /** Why it failed: what an undo meets later must not hide it. */
  error?: { kind: OperationErrorKind; message: string }
}

export type OperationErrorKind = DriverErrorKind | 'refused' | 'unexpected' | 'abandoned'
/** Where an instance's own row says it stands; see the generated column. Null in the row: it is deleted. */
export const INSTANCE_PHASES = [
  'creating',
  'running',
  'stopped',
  'frozen',
  'unknown',
  'missing',
  'failed',
] as const
export type InstancePhase = (typeof INSTANCE_PHASES)[number]

export type PowerStateSeen = 'running' | 'stopped' | 'frozen' | 'unknown'
/** How a deed of ours leaves an instance. */
export type WantedPower = 'running' | 'stopped'
export type ActorKind = 'user' | 'system' | 'anonymous' | 'token' | 'billing_key'

/** Headings under which people and programs ask to be told. */
export const NOTICE_KINDS = [
  'created',
  'failed',
  'suspended',
  'traffic',
  'quota',
  'expiry',
  'transfer',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]
export const NOTICE_TYPES = [
  'instance.created',
  'operation.failed',
  'operation.needs_attention',
  'instance.suspended',
  'instance.unsuspended',
  'traffic.near',
  'traffic.exceeded',
  'quota.near',
  'quota.exhausted',
  'license.expiring',
  'billing_key.expiring',
  'transfer.offered',
  'transfer.withdrawn',
  'transfer.declined',
  'transfer.expired',
  'transfer.completed',
  'webhook.disabled',
  'webhook.ping',
] as const
export type NoticeType = (typeof NOTICE_TYPES)[number]
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]
export type { WebhookProblem } from '#services/webhook_call'

/** What can be asked for many instances at once. */
export const BATCH_DEEDS = [
  'start',
  'stop',
  'restart',
  'snapshot',
  'suspend',
  'unsuspend',
  'delete',
] as const
export type BatchDeed = (typeof BATCH_DEEDS)[number]
/** `unchanged`: it was so already. Of one that was opened its operation tells more. */
export type BatchItemState = 'waiting' | 'opened' | 'unchanged' | 'refused' | 'cancelled'
/** What the deed wants to know beside the instance. */
export type BatchInput = { reason?: SuspensionReason; note?: string | null }

type AuditTexts = typeof auditTexts
/** `noun.happened`. The texts are the list: an action without one does not compile. */
export type AuditAction = {
  [Noun in keyof AuditTexts]: `${Noun}.${keyof AuditTexts[Noun] & string}`
}[keyof AuditTexts]

export const AUDIT_OUTCOMES = ['succeeded', 'refused', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]
/** From where something was asked for that is done later. */
export type AuditOrigin = {
  asStaff: boolean
  ipAddress: string | null
  userAgent: string | null
  requestId: string | null
}

/** What a schedule makes, and how often. */
export type CopyKind = 'snapshot' | 'backup'
export const COPY_RHYTHMS = ['hourly', 'daily', 'weekly'] as const
export type CopyRhythm = (typeof COPY_RHYTHMS)[number]

/** How somebody signed in. `link`: a one-time link, or a test. */
export type SignInMethod =
  'password' | 'password+totp' | 'password+passkey' | 'password+recovery_code' | 'passkey' | 'link'

/** What an organization that sells its instances onward imposes and lifts itself; all others are the provider's. */
export const SELLERS_REASONS = ['resale'] as const

/**
 * What a token may be made for: to read all; power; port forwards; snapshots and backups; root passwords and keys;
 * consoles; to order, change and delete instances; to suspend what is sold onward; webhooks; members and settings of an
 * organization; its owner's own account.
 */
export const SCOPES = [
  'read',
  'power',
  'forwards',
  'snapshots',
  'access',
  'console',
  'instances',
  'billing',
  'webhooks',
  'organization',
  'account',
] as const
export type Scope = (typeof SCOPES)[number]

/** Which of them a deed takes that is asked for many instances at once. */
export const DEED_SCOPES = {
  start: 'power',
  stop: 'power',
  restart: 'power',
  snapshot: 'snapshots',
  suspend: 'billing',
  unsuspend: 'billing',
  delete: 'instances',
} as const satisfies Record<BatchDeed, Scope>

/** What a one-time link is for. */
export type LinkPurpose = 'verify_email' | 'change_email' | 'reset_password' | 'first_admin'

/** Where a visit may begin: tabs of the instance's page. */
export const VISIT_PAGES = [
  'overview',
  'usage',
  'console',
  'screen',
  'port_forwards',
  'snapshots',
  'access',
  'history',
] as const
export type VisitPage = (typeof VISIT_PAGES)[number]

/** What a console in the browser shows: a terminal of one kind, or the picture that the guest draws. */
export const CONSOLE_VIEWS = [...CONSOLE_KINDS, 'screen'] as const
export type ConsoleView = (typeof CONSOLE_VIEWS)[number]

/** Why a console was closed; each has its text under `console.ended`. */
export const CONSOLE_ENDINGS = [
  /** By the guest: the shell was left, or the guest stopped. */
  'exited',
  /** By the browser. */
  'left',
  'idle',
  'signed_out',
  'no_access',
  'suspended',
  /** The instance is being deleted, or has another owner now. */
  'gone',
  /** What came from the browser was nothing a console knows. */
  'malformed',
  /** The cluster did not open it, or was lost. */
  'cluster',
  'not_running',
  /** The guest goes down, or down and up again. */
  'stopping',
  /** The web process was told to end. */
  'shutdown',
  /** The web process died. */
  'lost',
] as const
export type ConsoleEnding = (typeof CONSOLE_ENDINGS)[number]

/** What happens to an instance whose traffic of the month is used up. */
export const TRAFFIC_ACTIONS = ['none', 'throttle', 'suspend'] as const
export type TrafficAction = (typeof TRAFFIC_ACTIONS)[number]

/** An instance's counters at one moment; a card's are received and sent. */
export type Counters = {
  readAtMs: number
  startedAt: string | null
  cpuMs: number
  cards: Record<string, [receivedBytes: number, sentBytes: number]>
}

/** `cluster`: the archive never left it. */
export type BackupStore = StoreName | 'cluster'
export type { ClassicOrder } from '#licensing/classic_file'
export type { HostInfoRefusal } from '#licensing/host_info'
export type { SigningAlgorithm } from '#licensing/signing'

export type KeyPurpose = 'documents' | 'check_codes'
export type KeyOrigin = 'generated' | 'imported' | 'external'
export const KEY_DEEDS = ['activate', 'export', 'revoke'] as const
export type KeyDeed = (typeof KEY_DEEDS)[number]

export type UploadVia = 'form' | 'paste' | 'api'
/** How a licence is handed out: signed, signed and encrypted for its host, or as old programs read it. */
export const DOCUMENT_FORMS = ['document', 'encrypted', 'classic'] as const
export type DocumentForm = (typeof DOCUMENT_FORMS)[number]

/** How what is can differ from what should be. */
/** What a network of a cluster is for. */
export const NETWORK_PURPOSES = [
  /** Instances are made on it. */
  'first',
  /** Instances are attached to it, and none is made on it. */
  'further',
  'both',
  /** Who is on it stays on it. */
  'none',
] as const
export type NetworkPurpose = (typeof NETWORK_PURPOSES)[number]

export const DRIFT_KINDS = [
  /** An instance of ours that its cluster has not. */
  'missing',
  /** A guest with a stamp of ours that belongs to no instance there. */
  'orphan',
  /** A guest that nobody at Portico made. */
  'stranger',
  'limits',
  'power',
  'addresses',
  /** Network cards beside the first one. */
  'cards',
  'forwards',
] as const
export type DriftKind = (typeof DRIFT_KINDS)[number]

/** One side of a difference; only what differs is named. */
export type DriftSide = {
  size?: Size
  power?: PowerState
  addresses?: string[]
  /** As people read them: name, network, MAC address and addresses. */
  cards?: string[]
  forward?: string
}

export type DriftFacts = {
  wanted: DriftSide | null
  found: DriftSide | null
  /** Of a guest without an instance, all that is needed to adopt it. */
  guest?: Omit<InspectedGuest, 'vendorState' | 'startedAt'>
}

/** What a doctor looks at, in the order in which a person goes through it. */
export const DOCTOR_CHECKS = [
  'reachable',
  'certificate',
  'trust',
  'console_accounts',
  'version',
  'clock',
  'nodes',
  'memory',
  'storage',
  'network',
  'addresses',
  'images',
  'forwarder',
  'router',
  'rules',
  'ip_forward',
  'forward_policy',
  'forwards',
  'gateway',
  'names',
  'outside',
  'warnings',
  'drift',
  'operations',
] as const
export type DoctorCheckName = (typeof DOCTOR_CHECKS)[number]

/** From the best to the worst. */
export const DOCTOR_STATES = ['ok', 'unknown', 'warn', 'fail'] as const
export type DoctorState = (typeof DOCTOR_STATES)[number]

/** What the doctor can say; the texts are the list, as for the audit. */
export type DoctorSaying = keyof typeof doctorTexts.said
export type DoctorMeasured = Record<string, string | number | null>
