/**
 * A refusal the person can understand: what they asked for was well-formed, and the answer is no.
 * `code` is stable and has a text in each language under `errors.<code>`; `data` fills that text.
 */
export class DomainError extends Error {
  static status = 409
  static code = 'E_REFUSED'
  /** Whether somebody reached for what is not theirs: such refusals stand in the audit log. */
  static isAudited = false
  /** The field of a form that it is about; there it is shown. */
  static field: string | null = null
  /** Whether an operation that meets it tries again by itself. */
  static retryable = false

  readonly status: number
  readonly code: string
  readonly isAudited: boolean
  readonly field: string | null
  readonly retryable: boolean

  constructor(
    readonly data: Record<string, string | number> = {},
    options?: { cause?: unknown }
  ) {
    super(new.target.code, options)
    this.name = new.target.name
    this.status = new.target.status
    this.code = new.target.code
    this.isAudited = new.target.isAudited
    this.field = new.target.field
    this.retryable = new.target.retryable
  }
}

/** Absent, or not yours: the same answer. */
export class NotFound extends DomainError {
  static override status = 404
  static override code = 'E_NOT_FOUND'
}

/** The same answer, and a row in the audit log: somebody asked for a place that is closed to them. */
export class Closed extends NotFound {
  static override isAudited = true
}

/** `data.operation`: uid of the operation that is open on it, when it is still known. */
export class InstanceBusy extends DomainError {
  static override code = 'E_INSTANCE_BUSY'
}

/** `data.reason`: one of those for which it is suspended. */
export class InstanceSuspended extends DomainError {
  static override code = 'E_INSTANCE_SUSPENDED'
}

/** `data.reason`: for which it is not suspended. */
export class NotSuspended extends DomainError {
  static override code = 'E_NOT_SUSPENDED'
}

/** What was asked is done inside of it, so it has to run. */
export class InstanceNotRunning extends DomainError {
  static override code = 'E_INSTANCE_NOT_RUNNING'
}

/** `data.resource`, `data.maximum`, `data.used`, `data.wanted`. */
export class QuotaExceeded extends DomainError {
  static override status = 422
  static override isAudited = true
  static override code = 'E_QUOTA_EXCEEDED'
  static override field = 'plan'
}

/** `data.free`: a name like it that is not taken. */
export class NameTaken extends DomainError {
  static override status = 422
  static override code = 'E_NAME_TAKEN'
  static override field = 'name'
}

export class ImageNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_IMAGE_NOT_OFFERED'
  static override field = 'image'
}

/** … or not for that kind of image, or not in that cluster. */
export class PlanNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_PLAN_NOT_OFFERED'
  static override field = 'plan'
}

export class ClusterNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_CLUSTER_NOT_OFFERED'
  static override field = 'cluster'
}

export class NoFreeAddress extends DomainError {
  static override code = 'E_NO_FREE_ADDRESS'
  static override field = 'network'
}

export class NoCapacity extends DomainError {
  static override code = 'E_NO_CAPACITY'
  static override field = 'cluster'
}

/** Of another cluster, or closed, or away, or where it is already. */
export class NodeNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_NODE_NOT_OFFERED'
  static override field = 'node'
}

/** `data.node`: its name. */
export class NoRoomOnNode extends DomainError {
  static override code = 'E_NO_ROOM_ON_NODE'
  static override field = 'node'
}

/** Not on offer, without open address pools, or one that it is on already. */
export class NetworkNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_NETWORK_NOT_OFFERED'
  static override field = 'network'
}

/** `data.maximum`: beside the one it was made with. */
export class TooManyInterfaces extends DomainError {
  static override code = 'E_TOO_MANY_INTERFACES'
  static override field = 'network'
}

/** Another request was sent under that Idempotency-Key. */
export class IdempotencyKeyReused extends DomainError {
  static override status = 422
  static override code = 'E_IDEMPOTENCY_KEY_REUSED'
}

/** The request with that Idempotency-Key has not been answered yet. */
export class IdempotencyKeyInFlight extends DomainError {
  static override code = 'E_IDEMPOTENCY_KEY_IN_FLIGHT'
}

export class IdempotencyKeyMalformed extends DomainError {
  static override status = 400
  static override code = 'E_IDEMPOTENCY_KEY_MALFORMED'
}

/** The token was made without what is asked of it. `data.scope` */
export class ScopeMissing extends DomainError {
  static override status = 403
  static override isAudited = true
  static override code = 'E_SCOPE_MISSING'
}

/** By a name that somebody has. */
export class UserExists extends DomainError {
  static override status = 400
  static override code = 'E_USER_EXISTS'
}

export class RegistrationClosed extends DomainError {
  static override status = 403
  static override code = 'E_REGISTRATION_CLOSED'
}

/** Which of the two is wrong is nobody's business. */
export class BadCredentials extends DomainError {
  static override status = 401
  static override code = 'E_BAD_CREDENTIALS'
}

/** The password was right; without a code it does not open. */
export class SecondFactorNeeded extends DomainError {
  static override status = 401
  static override code = 'E_SECOND_FACTOR_NEEDED'
}

export class InvalidAction extends DomainError {
  static override status = 400
  static override code = 'E_INVALID_ACTION'
}

/** The API token is missing, wrong, expired or revoked. */
export class InvalidApiToken extends DomainError {
  static override status = 401
  static override code = 'E_INVALID_API_TOKEN'
}

/** A billing system's key that opens nothing, or not from there; which of them is nobody's business. */
export class BillingKeyRefused extends DomainError {
  static override status = 401
  static override isAudited = true
  static override code = 'E_BILLING_KEY_REFUSED'
}

/** The billing system ordered something else under the same name. */
export class BillingReferenceTaken extends DomainError {
  static override code = 'E_BILLING_REFERENCE_TAKEN'
  static override field = 'hostname'
}

/** A route that programs of another server call, for something that Portico does not do. */
export class NotSupported extends DomainError {
  static override status = 501
  static override code = 'E_NOT_SUPPORTED'
}

/** An operation is not in a state that allows it. */
export class NotPossibleNow extends DomainError {
  static override code = 'E_NOT_POSSIBLE_NOW'
}

/** `data.maximum` */
export class TooManyKeys extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_KEYS'
  static override field = 'ssh_keys'
}

/** `data.maximum`: of what a person keeps. */
export class TooManyKeptKeys extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_KEPT_KEYS'
  static override field = 'ssh_keys'
}

/** `data.fingerprint`: the person keeps this key already. */
export class KeyKept extends DomainError {
  static override status = 422
  static override code = 'E_KEY_KEPT'
  static override field = 'ssh_keys'
}

/** The person keeps no such key, or no longer. */
export class NoSuchKey extends DomainError {
  static override status = 422
  static override code = 'E_NO_SUCH_KEY'
  static override field = 'kept_keys'
}

/** `data.slug`: none is called so, or it is one's own. */
export class NoSuchOrganization extends DomainError {
  static override status = 422
  static override isAudited = true
  static override code = 'E_NO_SUCH_ORGANIZATION'
  static override field = 'organization'
}

/** Accepted, declined, withdrawn or expired meanwhile. */
export class TransferClosed extends DomainError {
  static override code = 'E_TRANSFER_CLOSED'
}

/** The driver of its cluster has no such deed. */
export class ClusterCannot extends DomainError {
  static override code = 'E_CLUSTER_CANNOT'
}

/** It was asked while somebody waited, and gave no answer in time. */
export class ClusterSilent extends DomainError {
  static override status = 503
  static override code = 'E_CLUSTER_SILENT'
}

/** `data.least`: the disk it has, in GiB. */
export class DiskCannotShrink extends DomainError {
  static override status = 422
  static override code = 'E_DISK_CANNOT_SHRINK'
  static override field = 'plan'
}

/** A one-time secret was shown or has expired before it was used. */
export class SecretGone extends DomainError {
  static override code = 'E_SECRET_GONE'
}

export class QueueUnavailable extends DomainError {
  static override status = 503
  static override code = 'E_QUEUE_UNAVAILABLE'
}

/** `data.leased`: how many addresses of the pool are held by instances. */
export class PoolInUse extends DomainError {
  static override code = 'E_POOL_IN_USE'
}

/** The pool would no longer hold addresses that are leased. `data.leased`, `data.addresses`: some of them. */
export class LeasesOutside extends DomainError {
  static override status = 422
  static override code = 'E_LEASES_OUTSIDE'
}

/** `data.instances`: how many instances live there. */
export class ClusterInUse extends DomainError {
  static override code = 'E_CLUSTER_IN_USE'
}

/** `data.instances`: how many instances were made from it. */
export class PlanInUse extends DomainError {
  static override code = 'E_PLAN_IN_USE'
}

/** `data.slug`. */
export class SlugTaken extends DomainError {
  static override status = 422
  static override code = 'E_SLUG_TAKEN'
}

/** `data.maximum`. */
export class TooManyOrganizations extends DomainError {
  static override status = 422
  static override isAudited = true
  static override code = 'E_TOO_MANY_ORGANIZATIONS'
}

/** `data.instances` that live in it. */
export class OrganizationNotEmpty extends DomainError {
  static override code = 'E_ORGANIZATION_NOT_EMPTY'
}

/** An organization always has an owner. */
export class LastOwner extends DomainError {
  static override isAudited = true
  static override code = 'E_LAST_OWNER'
}

/** `data.email`. */
export class AlreadyMember extends DomainError {
  static override status = 422
  static override code = 'E_ALREADY_MEMBER'
}

/** Accepted, revoked or too old: `data.state`. */
export class InvitationClosed extends DomainError {
  static override status = 410
  static override code = 'E_INVITATION_CLOSED'
}

/** It was sent to somebody else than `data.email`, who is signed in. */
export class InvitationForOther extends DomainError {
  static override isAudited = true
  static override code = 'E_INVITATION_FOR_OTHER'
}

/** A one-time link that was used, replaced or is too old; which of them is nobody's business. */
export class LinkExpired extends DomainError {
  static override status = 410
  static override code = 'E_LINK_EXPIRED'
}

/** The cluster did not take our certificate. `data.reason`: what its driver says. */
export class TrustRefused extends DomainError {
  static override status = 422
  static override code = 'E_TRUST_REFUSED'
}

/** Accounts for single consoles cannot be made there. `data.reason`: what its driver says. */
export class ConsoleAccountsRefused extends DomainError {
  static override status = 422
  static override code = 'E_CONSOLE_ACCOUNTS_REFUSED'
}

export class EmailTaken extends DomainError {
  static override status = 422
  static override code = 'E_EMAIL_TAKEN'
}

export class UsernameTaken extends DomainError {
  static override status = 422
  static override code = 'E_USERNAME_TAKEN'
  static override field = 'username'
}

/** To a program that shows a session: a page would ask for the password again. */
export class ConfirmationNeeded extends DomainError {
  static override status = 403
  static override code = 'E_CONFIRMATION_NEEDED'
}

/** Neither a session nor a token that opens this address. */
export class Unauthenticated extends DomainError {
  static override status = 401
  static override code = 'E_UNAUTHENTICATED'
}

/** `data.organization`: it would have nobody left who may decide. */
export class SoleOwner extends DomainError {
  static override code = 'E_SOLE_OWNER'
}

/** More pages are open and follow something than one person needs. */
export class TooManyStreams extends DomainError {
  static override status = 429
  static override code = 'E_TOO_MANY_STREAMS'
}

/** Another cluster, plan or pool is called so. `data.name`. */
export class NameInUse extends DomainError {
  static override status = 422
  static override code = 'E_NAME_IN_USE'
}

/** A host is bound: limits stay as they are until staff open them again. */
export class LicenseFrozen extends DomainError {
  static override code = 'E_LICENSE_FROZEN'
}

/** `data.documents`: how many were issued; such a licence is revoked, not forgotten. */
export class LicenseInUse extends DomainError {
  static override code = 'E_LICENSE_IN_USE'
}

/** `data.licenses`: how many there are of it. */
export class ProductInUse extends DomainError {
  static override code = 'E_PRODUCT_IN_USE'
}

/** Nothing is handed out or bound any more. `data.state`: revoked, suspended or expired. */
export class LicenseClosed extends DomainError {
  static override code = 'E_LICENSE_CLOSED'
}

/** The old addresses name no product, and there are several. */
export class NoClassicProduct extends DomainError {
  static override code = 'E_NO_CLASSIC_PRODUCT'
}

/** `data.user`: owns no organization that could hold a licence. */
export class InvalidHolder extends DomainError {
  static override code = 'E_INVALID_HOLDER'
}

export class NoHostInfo extends DomainError {
  static override code = 'E_NO_HOST_INFO'
}

/** `data.algorithm`: the ring in which no key is active. */
export class NoSigningKey extends DomainError {
  static override code = 'E_NO_SIGNING_KEY'
}

/** A key that does not sign, is too weak, or is known already. */
export class KeyUnfit extends DomainError {
  static override status = 422
  static override code = 'E_KEY_UNFIT'
  static override field = 'private_key'
}

/** What one administrator asked for, another one allows. */
export class SecondAdministratorNeeded extends DomainError {
  static override status = 403
  static override isAudited = true
  static override code = 'E_SECOND_ADMINISTRATOR_NEEDED'
}

/** Too many in a short time. `data.minutes` */
export class DownloadsPaused extends DomainError {
  static override status = 429
  static override isAudited = true
  static override code = 'E_DOWNLOADS_PAUSED'
}

/** What is kept is not what was signed. */
export class DocumentBroken extends DomainError {
  static override isAudited = true
  static override code = 'E_DOCUMENT_BROKEN'
}

/** `data.bytes` do not fit into the `data.room` bytes of one block of the host's key. */
export class ClassicTooLong extends DomainError {
  static override status = 422
  static override code = 'E_CLASSIC_TOO_LONG'
}

/** `data.maximum`. */
export class TooManyActivations extends DomainError {
  static override code = 'E_TOO_MANY_ACTIVATIONS'
}

/** The cluster gives no ports, or the pool that was chosen is none of it. */
export class NoPortPool extends DomainError {
  static override code = 'E_NO_PORT_POOL'
  static override field = 'port'
}

/** The instance has no address to which a port of the cluster could lead. */
export class NoForwardAddress extends DomainError {
  static override code = 'E_NO_FORWARD_ADDRESS'
  static override field = 'port'
}

/** `data.pool`: its name, where one was chosen. */
export class NoFreePort extends DomainError {
  static override code = 'E_NO_FREE_PORT'
  static override field = 'port'
}

/** `data.port`: what was asked for. `data.offered`: which there are. */
export class PortNotOffered extends DomainError {
  static override status = 422
  static override code = 'E_PORT_NOT_OFFERED'
  static override field = 'port'
}

export class PortReserved extends DomainError {
  static override status = 422
  static override code = 'E_PORT_RESERVED'
  static override field = 'port'
}

/** `data.port`: the first that somebody has. */
export class PortTaken extends DomainError {
  static override status = 422
  static override code = 'E_PORT_TAKEN'
  static override field = 'port'
}

/** A range would end behind the last port there is. `data.port`, `data.count`. */
export class PortBeyondLast extends DomainError {
  static override status = 422
  static override code = 'E_PORT_BEYOND_LAST'
  static override field = 'target_port'
}

/** `data.maximum`, `data.used`, `data.wanted`: ports of the instance. */
export class TooManyForwards extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_FORWARDS'
  static override field = 'port'
}

/** A schedule would keep more than there is room for. `data.maximum`. */
export class KeepsTooMany extends DomainError {
  static override status = 422
  static override code = 'E_KEEPS_TOO_MANY'
  static override field = 'keep'
}

/** `data.maximum`, `data.used`: snapshots of the instance. */
export class TooManySnapshots extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_SNAPSHOTS'
  static override field = 'name'
}

/** `data.maximum`: backups of the instance. */
export class TooManyBackups extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_BACKUPS'
  static override field = 'name'
}

/** Another backup of the instance is called so. `data.name`. */
export class BackupNameTaken extends DomainError {
  static override status = 422
  static override code = 'E_BACKUP_NAME_TAKEN'
  static override field = 'name'
}

/** It was deleted, or has expired. */
export class BackupGone extends DomainError {
  static override code = 'E_BACKUP_GONE'
}

/** What lies in the store is not what was put there. */
export class BackupBroken extends DomainError {
  static override code = 'E_BACKUP_BROKEN'
}

/** The store of backups does not answer, breaks off, or takes nothing for the moment. */
export class StoreAway extends DomainError {
  static override status = 503
  static override code = 'E_STORE_AWAY'
  static override retryable = true
}

/** The store of backups has no room left for it. */
export class StoreFull extends DomainError {
  static override status = 507
  static override code = 'E_STORE_FULL'
}

/** The store of backups refuses what it was set up with: its key, its bucket, or its folder. */
export class StoreRefused extends DomainError {
  static override status = 502
  static override code = 'E_STORE_REFUSED'
}

/** Another snapshot of the instance is called so. `data.name`. */
export class SnapshotNameTaken extends DomainError {
  static override status = 422
  static override code = 'E_SNAPSHOT_NAME_TAKEN'
  static override field = 'name'
}

/** `data.forwards`: how many are from the pool. */
export class PortPoolInUse extends DomainError {
  static override code = 'E_PORT_POOL_IN_USE'
}

/** The pool would no longer hold ports that are leased. `data.forwards`, `data.ports`: some of them. */
export class PortLeasesOutside extends DomainError {
  static override status = 422
  static override code = 'E_PORT_LEASES_OUTSIDE'
  static override field = 'ports'
}

/** Many at once, and none was chosen. */
export class NothingChosen extends DomainError {
  static override status = 422
  static override code = 'E_NOTHING_CHOSEN'
}

/** `data.maximum`: how many instances one batch takes. */
export class TooManyChosen extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_CHOSEN'
}

/** Others match the search than when the page was shown. `data.count`: how many now. */
export class ChoiceChanged extends DomainError {
  static override code = 'E_CHOICE_CHANGED'
  static override field = 'confirmation'
}

/** Who asked has left, lost the role or is disabled since. */
export class NotAllowedAnyMore extends DomainError {
  static override status = 403
  static override isAudited = true
  static override code = 'E_NOT_ALLOWED_ANY_MORE'
}

/** Used before, too old, or made for somebody or something else: one answer for all. */
export class ConsoleTicketRefused extends DomainError {
  static override status = 403
  static override isAudited = true
  static override code = 'E_CONSOLE_TICKET_REFUSED'
}

/** `data.maximum`: consoles that one person, or one instance, may have open. */
export class TooManyConsoles extends DomainError {
  static override status = 429
  static override isAudited = true
  static override code = 'E_TOO_MANY_CONSOLES'
}

/** A page of somebody else's tried to open a socket with this person's cookies. */
export class ForeignOrigin extends DomainError {
  static override status = 403
  static override isAudited = true
  static override code = 'E_FOREIGN_ORIGIN'
}

/** Only a socket is served there. */
export class UpgradeRequired extends DomainError {
  static override status = 426
  static override code = 'E_UPGRADE_REQUIRED'
}

/** `data.address`: another instance of the cluster holds it. */
export class AddressLeased extends DomainError {
  static override code = 'E_ADDRESS_LEASED'
}

/** What was found cannot be taken over: none of its addresses belongs to a pool. `data.addresses` */
export class AddressNotInPool extends DomainError {
  static override status = 422
  static override code = 'E_ADDRESS_NOT_IN_POOL'
}

/** The image an instance was made of is not in its cluster any more. */
export class ImageGone extends DomainError {
  static override code = 'E_IMAGE_GONE'
}

/** A link from a billing system that was used, or is too old, or opens nothing any more: one answer for all. */
export class VisitLinkRefused extends DomainError {
  static override status = 410
  static override code = 'E_VISIT_LINK_REFUSED'
}

/** Nobody came by such a link, or the visit has ended. */
export class VisitOver extends DomainError {
  static override status = 401
  static override code = 'E_VISIT_OVER'
}

/** For what is grave the billing system has to vouch for the visitor once more. */
export class VisitTooOld extends DomainError {
  static override status = 403
  static override code = 'E_VISIT_TOO_OLD'
}

/** No https, no host of the public net, or credentials in it. */
export class WebhookAddressRefused extends DomainError {
  static override status = 422
  static override code = 'E_WEBHOOK_ADDRESS_REFUSED'
  static override field = 'url'
}

/** `data.maximum`. */
export class TooManyWebhooks extends DomainError {
  static override status = 422
  static override code = 'E_TOO_MANY_WEBHOOKS'
  static override field = 'url'
}
