import type { Duplex, Readable } from 'node:stream'
import type { DriverErrorKind } from '#drivers/errors'

/**
 * What Portico asks of a cluster, in Portico's words. No model and no vendor term may enter here:
 * a driver translates, everybody else speaks this language. The rules each driver obeys are facts
 * in `tests/drivers/conformance.ts`.
 */

export const DRIVER_NAMES = ['fake', 'lxd', 'proxmox'] as const
export type DriverName = (typeof DRIVER_NAMES)[number]

export const INSTANCE_KINDS = ['container', 'virtual-machine'] as const
export type InstanceKind = (typeof INSTANCE_KINDS)[number]

export type PowerAction = 'start' | 'stop' | 'restart' | 'force_stop'
export type PowerState = 'running' | 'stopped' | 'frozen' | 'unknown'
export type IpFamily = 4 | 6

/** What has to be true when a RemoteTask is over; enough to judge it after the cluster forgot the task. */
export type WantedState =
  /** An instance with our stamp, made to its end. */
  | { is: 'present'; stamp: string }
  /** No instance with our stamp; somebody else's under the same ref does not count. */
  | { is: 'absent'; stamp: string }
  | { is: 'running' }
  | { is: 'stopped' }
  | { is: 'sized'; size: Size }
  /** Without a network card, or with it again; see ReplacementApi. */
  | { is: 'retired' }
  | { is: 'recalled' }
  /** A whole copy with our stamp, whose card has this MAC address. */
  | { is: 'copied'; stamp: string; macAddress: string | null }
  /** A restart: running, and started at another moment than `startedBefore` (ISO 8601), when the cluster tells. */
  | { is: 'restarted'; startedBefore: string | null }
  | { is: 'snapshotted'; snapshot: string }
  | { is: 'unsnapshotted'; snapshot: string }
  /** Nothing of it can be seen afterwards: one that the cluster forgot is done again. */
  | { is: 'restored'; snapshot: string }
  | { is: 'archived'; archive: string }
  | { is: 'unarchived'; archive: string }
  /** It lives on this node of its cluster. */
  | { is: 'moved'; node: string }
  /** It has this further card; or not any more. */
  | { is: 'attached'; card: string }
  | { is: 'detached'; card: string }
  /** Made of an archive, and still as its first owner left it; one that the cluster forgot is done again. */
  | { is: 'unpacked'; source: string }

/** Work going on in the cluster. JSON-safe, so it survives a restart of Portico. */
export type RemoteTask = {
  /** The vendor's handle; null when the call was synchronous and is over. */
  id: string | null
  ref: string
  wanted: WantedState
}

export type TaskStatus =
  | { state: 'running'; percent?: number; message?: string }
  | { state: 'succeeded' }
  /** `kind` where the driver can tell more than `task_failed`. */
  | { state: 'failed'; reason: string; kind?: DriverErrorKind }

export type PollOptions = {
  /**
   * How long the answer may be held back while the task runs, so that its end is noticed at once.
   * A driver that cannot wait answers at once; whoever waits must not count on it.
   */
  waitMs?: number
}

/** Plain data by which a driver reaches its cluster. Credentials are already decrypted here. */
export type ClusterConnection = {
  driver: DriverName
  /** What metrics call this cluster; none before it has a row. */
  label?: string
  /** Base URL, e.g. https://10.0.0.5:8443 (LXD); `fake:` and the path of its file. */
  endpoint: string
  /** SHA-256 of the server certificate's DER form, 64 lower-case hex digits. null: nothing is pinned, so nothing is trusted. */
  tlsFingerprint: string | null
  /** LXD: certificate and privateKey as PEM. Proxmox VE: tokenId and tokenSecret, or username and password. */
  credentials: Record<string, string>
  /** Vendor options an operator chose, e.g. LXD's project. */
  settings: Record<string, unknown>
  /** What the last probe found; null before the first. Facets are decided from it without I/O. */
  facts: ClusterFacts | null
}

export type ClusterFacts = {
  product: string
  version: string
  /** Name by which the cluster calls itself. */
  serverName: string
  clustered: boolean
  kinds: InstanceKind[]
  /** API extensions or microversions, to decide facets without I/O. */
  extensions: string[]
  /** Cluster's clock minus ours, milliseconds; null when it does not tell. */
  clockSkewMs: number | null
}

export type RemoteNode = {
  ref: string
  name: string
  online: boolean
  cpus: number
  memoryMib: number
  memoryUsedMib: number
  diskGib: number
  diskUsedGib: number
}

export type RemoteImage = {
  /** What `InstanceSpec.image` takes. LXD: the fingerprint. */
  ref: string
  /** A person's name for it: alias, else description. */
  name: string
  os: string | null
  release: string | null
  architecture: string | null
  kind: InstanceKind
  sizeMib: number
}

export type RemoteStoragePool = {
  name: string
  /** null: on every node. */
  node: string | null
  type: string
  totalGib: number
  usedGib: number
}

export type RemoteNetwork = {
  name: string
  type: string
  managed: boolean
  /** Gateway with prefix length, e.g. 10.87.1.1/24; null where there is none. */
  ipv4: string | null
  ipv6: string | null
}

/** What an instance may use. Read back, 0 means that the cluster sets no limit. */
export type Size = {
  cpus: number
  memoryMib: number
  diskGib: number
  /** Megabits per second each way; null: not limited. */
  ingressMbps: number | null
  egressMbps: number | null
}

export type SpecAddress = {
  family: IpFamily
  address: string
  prefixLength: number
  gateway: string | null
}

export type InstanceSpec = {
  /** Chosen by us before the call, unique in the cluster. */
  ref: string
  /** Written on the instance (LXD: user.portico.*) and read back as RemoteInstance.stamp. */
  stamp: string
  kind: InstanceKind
  /** null: the cluster chooses. */
  node: string | null
  image: string
  size: Size
  storagePool: string
  network: string
  addresses: SpecAddress[]
  nameservers: string[]
  /** 00:16:3e:… ; null: the cluster chooses. */
  macAddress: string | null
  /** How root gets in, for clusters that take it at no other time; those with a credentials facet leave it alone. */
  access?: { rootPassword: string; sshKeys: string[] }
}

export type RemoteInstance = {
  ref: string
  /** Our stamp, null when this instance was not made by Portico. */
  stamp: string | null
  node: string | null
  kind: InstanceKind
  power: PowerState
  /** ISO 8601; null while stopped or when the cluster does not tell. */
  startedAt: string | null
  size: Size
  /** Addresses the guest really has on its interfaces, without loopback and link-local. */
  addresses: { family: IpFamily; address: string }[]
  macAddress: string | null
  /** The vendor's word for its state, for people. While it is being made, `power` is unknown. */
  vendorState: string
}

/** What a new instance asks of the node that makes it. */
export type NodeNeeds = {
  image: string
  /** Where the archive lies that it is made of, instead of the image; see KeptArchive. */
  keptAs: string | null
  storagePool: string
  diskGib: number
}

export interface NodeApi {
  list(): Promise<RemoteNode[]>
  /**
   * The refs of those that have what it needs. Left out: what one has, all have.
   * @throws DriverError that says what is missing, when it is none
   */
  able?(needs: NodeNeeds): Promise<string[]>
}

export interface ImageApi {
  list(): Promise<RemoteImage[]>
}

export interface InfrastructureApi {
  storagePools(): Promise<RemoteStoragePool[]>
  networks(): Promise<RemoteNetwork[]>
}

export interface InstanceApi {
  /** null when there is none; never an error for absence. */
  find(ref: string): Promise<RemoteInstance | null>
  /** Pages through everything; used by the sync. */
  list(): AsyncIterable<RemoteInstance>
  /**
   * Same ref twice with the same stamp: one instance. Leaves it stopped.
   * @throws DriverError already_exists when the ref belongs to somebody else (another stamp or none)
   */
  create(spec: InstanceSpec): Promise<RemoteTask>
  /**
   * Asking for the state it already has succeeds. `stop` asks the guest and gives it 30 s; `force_stop`
   * pulls the plug, also under a `stop` the guest ignores; `restart` of a stopped instance starts it.
   * @throws DriverError not_found, or busy while another task holds the instance
   */
  power(ref: string, action: PowerAction): Promise<RemoteTask>
  /**
   * Limits of a living instance; what it already has succeeds. A disk only grows: who takes a resize
   * back takes back the rest.
   * @throws DriverError invalid when the disk would become smaller
   */
  resize(ref: string, size: Size): Promise<RemoteTask>
  /**
   * Stops it by force when it runs, then removes it. Absent already: succeeds.
   * @throws DriverError already_exists when the instance does not carry `stamp`: what is not ours is never destroyed
   */
  destroy(ref: string, stamp: string): Promise<RemoteTask>
}

export interface CredentialsApi {
  /**
   * Through stdin, never argv or environment.
   * @throws DriverError invalid when the instance does not run
   */
  setRootPassword(ref: string, password: string): Promise<void>
  /** Adds OpenSSH public keys to root's authorized_keys; a key already there is not added again. */
  authorizeKeys(ref: string, publicKeys: string[]): Promise<void>
  /** Takes these keys out again; what else stands there stays as it is. */
  revokeKeys(ref: string, publicKeys: string[]): Promise<void>
}

/* Usage and events */

/** Counters of one network card; they begin again with the guest, and with the card. */
export type CardCounters = { card: string; receivedBytes: number; sentBytes: number }

/** What one instance has used since it was started, and uses now. */
export type InstanceUsage = {
  ref: string
  stamp: string | null
  /** As in RemoteInstance. */
  node: string | null
  power: PowerState
  startedAt: string | null
  /** Processor time of all processors together; 0 while stopped. */
  cpuMs: number
  /** How many processors it uses now, from a cluster that counts no processor time. */
  cpusInUse?: number
  memoryBytes: number
  /** null: the cluster does not tell. */
  diskBytes: number | null
  /** Seen from the guest, without its loopback. None while stopped. */
  cards: CardCounters[]
}

export interface MetricsApi {
  /** Of every instance, ours or not, in one call to the cluster however many there are. */
  usage(): Promise<InstanceUsage[]>
}

export type InstanceListener = {
  /** From now on nothing is missed; what happened before is not told. */
  onReady(): void
  /** Its power may have changed, or it came or went. Told twice does no harm. */
  onChange(ref: string): void
}

export interface EventsApi {
  /**
   * Tells of instances until `signal` is aborted, then resolves.
   * @throws DriverError when the cluster goes silent before that
   */
  watch(listener: InstanceListener, signal: AbortSignal): Promise<void>
}

/* Deeds that not every cluster knows */

/** One instance takes another's place: the same addresses and card, while the old one waits, stopped. */
export interface ReplacementApi {
  /**
   * Takes its network cards from a stopped instance, so that another one may run with its addresses and its MAC
   * address; it keeps in mind what it had. Retired already, or absent: succeeds.
   * @throws DriverError invalid while it runs, already_exists when it does not carry `stamp`
   */
  retire(ref: string, stamp: string): Promise<RemoteTask>
  /** Gives them back. Not retired, or absent: succeeds. @throws DriverError already_exists as above */
  recall(ref: string, stamp: string): Promise<RemoteTask>
  /**
   * Only where a cluster numbers its instances (`refRange`): makes a stopped copy under the number `to`, with its disk,
   * limits, addresses and this MAC address. What it is copied of stays. Made already: succeeds.
   * @throws DriverError not_found, invalid while it runs, already_exists when either is not ours, out_of_capacity
   */
  copy?(ref: string, stamp: string, to: string, macAddress: string | null): Promise<RemoteTask>
}

/* Snapshots */

export type RemoteSnapshot = {
  name: string
  /** ISO 8601; null when the cluster does not tell. */
  createdAt: string | null
}

/** Which state of a disk came of which. */
export type SnapshotTree = {
  /** By name; null: of no other. */
  parents: Record<string, string | null>
  /** The one that the disk was kept as, or put back to, last. */
  now: string | null
}

export interface SnapshotApi {
  /**
   * Oldest first.
   * @throws DriverError not_found when there is no such instance
   */
  list(ref: string): Promise<RemoteSnapshot[]>
  /**
   * The disk as it is now, under a name that is ours: one that is there already succeeds. It stays in the
   * cluster, and goes with the instance. `title`: what people call it, for whoever looks at it in the cluster.
   * @throws DriverError not_found, or busy while another task holds the instance
   */
  create(ref: string, name: string, title?: string): Promise<RemoteTask>
  /**
   * The disk as it was then; a guest that ran runs again. Limits and devices may be those of that time, too:
   * whoever restores applies today's afterwards. Asked twice, it is done twice.
   * @throws DriverError not_found when there is no such instance or snapshot
   */
  restore(ref: string, name: string): Promise<RemoteTask>
  /** Absent already, with or without the instance: succeeds. */
  remove(ref: string, name: string): Promise<RemoteTask>
  /** Only where the cluster knows. @throws DriverError not_found */
  tree?(ref: string): Promise<SnapshotTree>
}

/** Why it is as it is. */
export interface DiagnosisApi {
  /**
   * What went wrong at the last start, a line each, oldest first; none: nothing did, or the cluster does not tell.
   * Fit for its owner's eyes: nothing of the node stands in it.
   * @throws DriverError not_found
   */
  startLog(ref: string): Promise<string[]>
}

/** What a guest calls itself. */
export interface HostNameApi {
  /**
   * At once where it runs, and from its next start on.
   * @throws DriverError not_found
   */
  set(ref: string, name: string): Promise<void>
}

/* Console */

/** `shell`: a command line of root's, without a sign-in. `serial`: the line on which the guest boots and asks who one is. */
export const CONSOLE_KINDS = ['shell', 'serial'] as const
export type ConsoleKind = (typeof CONSOLE_KINDS)[number]

export type TerminalSize = { columns: number; rows: number }

/** An open console. Whoever holds it knows neither where the cluster is nor how it was let in. */
export type ConsoleStream = {
  /**
   * What is typed goes in, what the guest shows comes out. It ends when the guest ends it, and fails with a
   * DriverError when the cluster is lost. Destroyed, all is let go: what runs in a shell is ended.
   */
  bytes: Duplex
  resize(size: TerminalSize): void
}

export interface ConsoleApi {
  /** What can be opened here, the most useful one first. */
  readonly kinds: readonly ConsoleKind[]
  /** @throws DriverError not_found, invalid when the instance does not run, unsupported for another kind */
  open(ref: string, kind: ConsoleKind, size: TerminalSize): Promise<ConsoleStream>
}

/** A picture of what the guest shows, for keys and a pointer. */
export interface ScreenApi {
  /**
   * RFB 3.8 that lets its viewer in without a sign-in. It ends when the guest does, and fails with a DriverError when
   * the cluster is lost.
   * @throws DriverError not_found, invalid when the instance does not run
   */
  open(ref: string): Promise<Duplex>
}

/** An account of the cluster for the consoles of one instance and for nothing else, where its owner wants that. */
export interface ConsoleAccountApi {
  /** Whether the owner of the cluster wants them. */
  readonly isOn: boolean
  /** @throws DriverError that says what Portico or the cluster lacks for them */
  check(): Promise<void>
  /** Of the instances that have one, wanted or not; somebody else's may be among them. */
  stamps(): Promise<string[]>
  /**
   * Made, or given its right back.
   * @throws DriverError not_found, already_exists when the instance does not carry `stamp`
   */
  provide(ref: string, stamp: string): Promise<void>
  /** Absent already: succeeds. */
  withdraw(stamp: string): Promise<void>
}

/* The cluster's own memory of an instance */

export const CLUSTER_TASK_TYPES = [
  'create',
  'restore',
  'copy',
  'start',
  'stop',
  'restart',
  'delete',
  'snapshot',
  'delete_snapshot',
  'restore_snapshot',
  'backup',
  'move',
  'resize',
  'console',
  'other',
] as const
export type ClusterTaskType = (typeof CLUSTER_TASK_TYPES)[number]

/** Something the cluster did with an instance, asked by us or by somebody else. */
export type ClusterTask = {
  id: string
  type: ClusterTaskType
  /** The vendor's word for it. */
  vendorType: string
  state: 'running' | 'succeeded' | 'failed'
  /** ISO 8601. */
  startedAt: string
  endedAt: string | null
  /** Whom the cluster did it for, by its own name for them; not for an owner's eyes. */
  by: string | null
  node: string | null
  /** Why it failed. */
  reason: string | null
}

export interface TaskListApi {
  /**
   * Newest first. `since` (ISO 8601): when the instance was asked for; what went on before under the same ref was
   * about another one.
   */
  list(ref: string, range: { since: string; limit: number }): Promise<ClusterTask[]>
  /**
   * Line by line, as the cluster wrote it: names of nodes and of its users may stand in it.
   * @throws DriverError not_found when it is no task of this ref
   */
  log(ref: string, id: string): Promise<string[]>
}

export type HistoryRange = 'hour' | 'day' | 'week' | 'month' | 'year'

/** What an instance used in the mean of a span. */
export type MeasuredPoint = {
  /** Seconds since 1970, where the span begins. */
  at: number
  seconds: number
  cpus: number
  memoryBytes: number
  diskBytes: number | null
  receivedPerSecond: number
  sentPerSecond: number
  /** Of its disks, bytes. */
  readPerSecond: number
  writtenPerSecond: number
}

export interface HistoryApi {
  /**
   * What the cluster has measured by itself, oldest first; spans without figures are left out.
   * @throws DriverError not_found
   */
  measured(ref: string, range: HistoryRange): Promise<MeasuredPoint[]>
}

/* Drift and doctor */

/** A guest with what only whoever compares or adopts it has to know. */
export type InspectedGuest = RemoteInstance & {
  /** Addresses the cluster holds for it; empty where its network leaves them to the guest. */
  assigned: { family: IpFamily; address: string }[]
  /** Of its first card. */
  network: string | null
  /** Beside the first one, by their names; what a profile gives to many is not among them. */
  cards: FoundCard[]
  /** `RemoteImage.ref` of what it was made of; null when the cluster does not tell. */
  image: string | null
  /** ISO 8601. */
  createdAt: string | null
}

export interface InspectApi {
  /** Every guest, ours or not, in one call to the cluster however many there are. */
  guests(): Promise<InspectedGuest[]>
  /**
   * Puts the stamp `to` in the place of `from`; null: none. Carries `to` already: succeeds.
   * @throws DriverError not_found, or already_exists when it carries another stamp
   */
  restamp(ref: string, from: string | null, to: string | null): Promise<void>
  /**
   * The addresses the cluster holds for it from now on; the guest takes them with its next start.
   * @throws DriverError not_found, already_exists when it does not carry `stamp`, or unsupported where its
   * network leaves addresses to the guest
   */
  assign(ref: string, stamp: string, addresses: SpecAddress[]): Promise<void>
}

/** How a network stands on the machines that carry it. null: the cluster does not tell. */
export type NetworkHealth = {
  name: string
  isThere: boolean
  isUp: boolean | null
  /** That its interface really carries. */
  addresses: string[]
  /** Whether it hides its guests behind the node's own address. */
  hasNat: boolean | null
}

/** What the cluster itself complains of. */
export type ClusterWarning = {
  /** In the vendor's words. */
  message: string
  node: string | null
  count: number
}

/** Where a guest gets to; null: it cannot be told, for the guest lacks the program that would. */
export type GuestReach = {
  gateway: boolean | null
  /** Whether names are resolved. */
  names: boolean | null
  outside: boolean | null
}

/** What a guest is asked to reach. */
export type ReachTarget = { gateway: string; name: string; address: string; port: number }

/** By how much a node's clock differs from ours. */
export type NodeClock = { node: string; skewMs: number }

export interface DoctorApi {
  networks(names: string[]): Promise<NetworkHealth[]>
  /** Of the nodes that answer, where each tells its own time. */
  clocks?(): Promise<NodeClock[]>
  warnings(): Promise<ClusterWarning[]>
  /** @throws DriverError not_found, or invalid when the guest does not run */
  reach(ref: string, target: ReachTarget): Promise<GuestReach>
}

/* Backups */

export type CarriedArchive = {
  /** Whoever was given it reads it to its end or destroys it. */
  stream: Readable
  sizeBytes: number
}

/** One that does not leave its cluster, and where it lies there. It stays when its instance goes. */
export type KeptArchive = { keptAs: string; sizeBytes: number }

export type Archive = CarriedArchive | KeptArchive

/** Copies of an instance that leave the cluster, or outlive it there, and come back as another instance. */
export interface BackupApi {
  /**
   * Packs the disk as it is now into an archive that the cluster keeps, for a day at most. There already: succeeds.
   * @throws DriverError not_found, or busy while another task holds the instance
   */
  pack(ref: string, name: string): Promise<RemoteTask>
  /** @throws DriverError not_found when there is no such instance or archive */
  read(ref: string, name: string): Promise<Archive>
  /** Absent already, with or without the instance: succeeds. */
  discard(ref: string, name: string): Promise<RemoteTask>
  /** Removes a kept one, where archives are kept. Absent already: succeeds. */
  forget?(keptAs: string): Promise<RemoteTask>
  /**
   * Makes a stopped instance of the spec's ref out of an archive. Until `adopt` it carries the stamp of the one it
   * was packed from, `source`; what an earlier unpacking left there is replaced.
   * @throws DriverError already_exists when the ref belongs to somebody else
   */
  unpack(spec: InstanceSpec, archive: Archive, source: string): Promise<RemoteTask>
  /**
   * Gives what was unpacked the spec's stamp, size, card and addresses; of the old one only the disk is left.
   * Adopted already: succeeds.
   * @throws DriverError not_found, already_exists as above
   */
  adopt(spec: InstanceSpec, source: string): Promise<RemoteTask>
}

/* Moves */

/** Only where a cluster has several nodes that can hand instances to each other. */
export interface MovesApi {
  /**
   * Takes a stopped instance to another node of its cluster, with its disk, snapshots, cards, addresses and limits;
   * where an earlier move was cut off it is brought to its end. On that node already: succeeds.
   * @throws DriverError not_found when there is no such instance or node, invalid while it runs, busy,
   * already_exists when it does not carry `stamp`, out_of_capacity
   */
  move(ref: string, stamp: string, node: string): Promise<RemoteTask>
}

/** Numbers from which a cluster's refs are taken, both ends included. */
export type RefRange = { first: number; last: number }

/** Where none was chosen: away from the numbers that people give by hand. */
export const DEFAULT_REF_RANGE: RefRange = { first: 20_000, last: 29_999 }

/* Further networks */

/** A network card beside the one an instance was made with. */
export type CardSpec = {
  /** As the guest sees it, e.g. eth1. */
  name: string
  network: string
  macAddress: string
  addresses: SpecAddress[]
}

/** A further card that is there, whoever attached it. */
export type FoundCard = {
  name: string
  network: string | null
  macAddress: string | null
  /** What the cluster holds for it; empty where its network leaves addresses to the guest. */
  addresses: string[]
  /** Portico attached it. */
  isOurs: boolean
}

export interface InterfacesApi {
  /** By their names. None while the instance is retired. @throws DriverError not_found */
  list(ref: string): Promise<FoundCard[]>
  /**
   * At once, also while it runs, with the limits of bandwidth its first card has. There already: it is as the spec
   * says afterwards.
   * @throws DriverError not_found when there is no such instance or network, already_exists when the instance does not
   * carry `stamp` or has such a card that Portico did not attach, or when another one carries its MAC address there
   */
  attach(ref: string, stamp: string, card: CardSpec): Promise<RemoteTask>
  /**
   * `whose`: one that Portico did not attach goes only where it is anybody's. Absent already, with or without the
   * instance: succeeds. @throws DriverError already_exists as above
   */
  detach(ref: string, stamp: string, name: string, whose?: 'ours' | 'anybody'): Promise<RemoteTask>
}

/* Disks */

/** A disk of an instance, as its cluster keeps it. */
export type GuestDisk = {
  /** As the cluster calls it: `root`, `mp0`. */
  name: string
  /** Where the guest finds it; `/` is the one it was made with. */
  path: string
  /** null: of no pool, as a folder of the node. */
  storagePool: string | null
  /** null: as much as its pool has. */
  sizeGib: number | null
  /** null: not counted, as of most guests that do not run. */
  usedBytes: number | null
}

export interface DisksApi {
  /** The one it was made with first. @throws DriverError not_found */
  list(ref: string): Promise<GuestDisk[]>
}

export interface ComputeDriver {
  /** The cluster numbers its instances: a ref is a decimal number of this range. Left out: a ref is a name. */
  readonly refRange?: RefRange

  /** Version, extensions, clock; stored on the cluster and handed back to the constructor. */
  probe(): Promise<ClusterFacts>
  /**
   * Cheap; never throws for a failed task. A task the cluster forgot is judged by reading the instance,
   * and fails as `task_lost` when what it wanted is not there. Where a vendor needs several calls for one
   * deed (stop, then remove), poll makes the next one: a task goes on as long as somebody follows it.
   */
  poll(task: RemoteTask, options?: PollOptions): Promise<TaskStatus>

  readonly nodes: NodeApi
  readonly images: ImageApi
  readonly infrastructure: InfrastructureApi
  readonly instances: InstanceApi

  /* Optional facets. Presence IS the capability; there is no second list to keep true. */
  readonly credentials?: CredentialsApi
  readonly metrics?: MetricsApi
  readonly events?: EventsApi
  readonly replacement?: ReplacementApi
  readonly snapshots?: SnapshotApi
  readonly backups?: BackupApi
  readonly hostName?: HostNameApi
  readonly console?: ConsoleApi
  readonly screen?: ScreenApi
  readonly consoleAccounts?: ConsoleAccountApi
  readonly taskList?: TaskListApi
  readonly history?: HistoryApi
  readonly inspect?: InspectApi
  readonly doctor?: DoctorApi
  readonly diagnosis?: DiagnosisApi
  readonly moves?: MovesApi
  readonly interfaces?: InterfacesApi
  readonly disks?: DisksApi

  /** Closes sockets. The driver is not used afterwards. */
  close(): Promise<void>
}

/** Names of the optional facets. */
export const FACETS = [
  'credentials',
  'metrics',
  'events',
  'replacement',
  'snapshots',
  'backups',
  'hostName',
  'console',
  'screen',
  'consoleAccounts',
  'taskList',
  'history',
  'inspect',
  'doctor',
  'diagnosis',
  'moves',
  'interfaces',
  'disks',
] as const
export type Facet = (typeof FACETS)[number]

/** What a server shows before anything is trusted, so that a person can compare and pin it. */
export type ServerIdentity = {
  fingerprint: string
  subject: string
  validFrom: string
  validTo: string
}
