import { DEFAULT_REF_RANGE, type DriverName } from '#drivers/contract'
import { SETUP_STEPS, type Diagnosis, type SetupStep } from '#models/cluster'
import type Cluster from '#models/cluster'
import type { Capacity } from '#models/capacity'
import { NO_CAPACITY } from '#models/capacity'
import { certificateFacts } from '#services/client_certificate'

export type ClusterState =
  'pending' | 'silent' | 'needs_attention' | 'closed' | 'online' | 'unknown'

/** Each has a text that says what is wrong and what to do; whatever else may happen is `other`. */
const EXPLAINED = [
  'clock_skew',
  'unreachable',
  'timeout',
  'unauthorized',
  'tls_mismatch',
  'unsupported',
  'not_found',
] as const satisfies readonly Diagnosis[]
export type ExplainedDiagnosis = (typeof EXPLAINED)[number] | 'other'

const PRODUCTS: Record<DriverName, string> = { fake: 'FAKE', lxd: 'LXD', proxmox: 'Proxmox VE' }

const STEP_PATHS: Record<SetupStep, string> = {
  identity: 'identity',
  access: 'credentials',
  credentials: 'credentials',
  trust: 'trust',
  placement: 'placement',
}

export const clusterPath = ({ uid }: Pick<Cluster, 'uid'>, part = ''): string =>
  `/admin/clusters/${uid}${part && `/${part}`}`

/** One line of the list. */
export function clusterRow(cluster: Cluster, capacity: Capacity = NO_CAPACITY) {
  const state = clusterState(cluster, capacity)
  return {
    uid: cluster.uid,
    name: cluster.name,
    path: clusterPath(cluster),
    /** Texts that name what only one kind of cluster has stand below its name. */
    words: cluster.driver === 'proxmox' ? 'proxmox' : 'lxd',
    state,
    offlineNodes: capacity.nodes - capacity.nodesOnline,
    product: productOf(cluster),
    syncedAt: cluster.syncedAt,
    offlineSince: cluster.offlineSince,
    isSilent: state === 'silent',
    isClosed: !cluster.isOpen,
    capacity,
    percent: percentOf(capacity),
  }
}

/** A cluster's page. */
export function clusterPage(cluster: Cluster, capacity: Capacity = NO_CAPACITY) {
  return {
    ...clusterRow(cluster, capacity),
    driver: cluster.driver,
    endpoint: cluster.endpoint,
    serverName: cluster.facts?.serverName ?? null,
    kinds: cluster.facts?.kinds ?? [],
    fingerprint: cluster.tlsFingerprint,
    clientFingerprint: cluster.clientFingerprint,
    maxParallelOperations: cluster.maxParallelOperations,
    memoryOvercommit: Number(cluster.settings.memoryOvercommit ?? 1),
    timeZone: cluster.timeZone,
    storagePool: cluster.settings.storagePool ?? null,
    networks: cluster.settings.networks ?? null,
    lastSeenAt: cluster.lastSeenAt,
    hasConnection: cluster.driver !== 'fake',
    /** Run on the server, it tells what is to be compared. */
    fingerprintCommand:
      cluster.driver === 'proxmox'
        ? 'openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pveproxy-ssl.pem 2>/dev/null || openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem'
        : 'lxc info | grep certificate_fingerprint',
    account: cluster.settings.account ?? null,
    numbers: {
      first: cluster.settings.firstVmid ?? DEFAULT_REF_RANGE.first,
      last: cluster.settings.lastVmid ?? DEFAULT_REF_RANGE.last,
    },
    vlans: (cluster.settings.vlans ?? []).join(', '),
    hasConsoleAccounts: cluster.settings.consoleAccounts === true,
    consoleAccountCommand: consoleAccountCommand(cluster.settings.account ?? ''),
    setup: setupOf(cluster),
    diagnosis: diagnosisOf(cluster),
  }
}

/** Run on a node, it lets this account make users that may open a console, and nothing else. */
function consoleAccountCommand(account: string): string {
  const [user] = account.split('!')
  const token = account.includes('!') ? ` --tokens '${account}'` : ''
  return [
    'pveum role add PorticoConsole --privs "VM.Console VM.Audit"',
    'pveum role add PorticoUsers --privs "Realm.AllocateUser User.Modify"',
    `pveum acl modify /access --roles PorticoUsers --users '${user}'${token}`,
  ].join(' && ')
}

/** For a terminal and for programs. */
export function clusterSummary(cluster: Cluster) {
  const { uid, name, driver, endpoint, status, errorKind, error } = cluster
  return {
    uid,
    name,
    driver,
    endpoint,
    status,
    isOpen: cluster.isOpen,
    errorKind,
    error,
    syncedAt: cluster.syncedAt?.toUTC().toISO() ?? null,
  }
}

/** The steps of adding a cluster, for the line above each of them. */
export function setupOf(cluster: Cluster) {
  const next = cluster.setupStep
  const all: readonly SetupStep[] = SETUP_STEPS[cluster.driver]
  const reached = next === null ? all.length : all.indexOf(next)
  return {
    next: next && clusterPath(cluster, STEP_PATHS[next]),
    steps: all.map((step, index) => ({
      key: step,
      href: index <= reached ? clusterPath(cluster, STEP_PATHS[step]) : null,
      isDone: index < reached,
    })),
  }
}

/** What is wrong with the connection, in words that exist; null when nothing is, or nobody has asked. */
export function diagnosisOf(cluster: Cluster) {
  const { diagnosis } = cluster
  if (diagnosis === null || diagnosis === 'ok') return null
  const kind = EXPLAINED.find((known) => known === diagnosis) ?? 'other'
  return {
    kind: kind satisfies ExplainedDiagnosis,
    isFailure: cluster.status === 'offline',
    /** What the driver said; nothing secret stands in it. */
    detail: cluster.error,
    since: cluster.offlineSince,
    skewSeconds: Math.round(Math.abs(cluster.facts?.clockSkewMs ?? 0) / 1000),
    fingerprintPath: clusterPath(cluster, 'identity'),
    trustPath: letInPath(cluster),
  }
}

/** Where a cluster is told, or told again, who we are. */
export const letInPath = (cluster: Pick<Cluster, 'uid' | 'driver'>): string =>
  clusterPath(cluster, cluster.driver === 'proxmox' ? 'credentials' : 'trust')

/** The certificate by which the cluster shall know us, as its operator needs it. */
export function clientCertificate(cluster: Cluster) {
  const { clientCertificate: pem } = cluster.settings
  if (!pem) return null
  const { fingerprint, subject, validTo } = certificateFacts(pem)
  const file = certificateFile(cluster)
  return {
    pem,
    fingerprint,
    subject,
    validTo,
    file,
    path: clusterPath(cluster, 'certificate'),
    /** Run on the server, in the folder the file was copied to. */
    command: `lxc config trust add ${file} --name portico`,
  }
}

export const certificateFile = ({ uid }: Pick<Cluster, 'uid'>): string => `portico-${uid}.crt`

/** `ab12…` in groups that two people can compare over a telephone. */
export function grouped(fingerprint: string): string {
  return (fingerprint.match(/.{1,4}/g) ?? []).join(' ')
}

function clusterState(cluster: Cluster, capacity: Capacity): ClusterState {
  if (cluster.setupStep) return 'pending'
  if (cluster.status === 'offline') return 'silent'
  if (!cluster.isOpen) return 'closed'
  if (cluster.status === 'unknown') return 'unknown'
  return capacity.nodesOnline < capacity.nodes ? 'needs_attention' : 'online'
}

function productOf({ facts, driver }: Cluster): string {
  return facts ? `${facts.product} ${facts.version}` : PRODUCTS[driver]
}

export function percentOf(capacity: Capacity) {
  return {
    cpus: percent(capacity.soldCpus, capacity.cpus),
    memory: percent(capacity.memoryUsedMib, capacity.memoryMib),
    soldMemory: percent(capacity.soldMemoryMib, capacity.memoryMib),
    disk: percent(capacity.diskUsedGib, capacity.diskGib),
  }
}

/** null: there is nothing to have a share of. */
export function percent(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 100) : null
}
