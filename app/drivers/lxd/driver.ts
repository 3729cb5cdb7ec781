import { clockSkewOf } from '#drivers/clock'
import type {
  ClusterConnection,
  ClusterFacts,
  ComputeDriver,
  InstanceKind,
  PollOptions,
  RemoteTask,
  ServerIdentity,
  TaskStatus,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { LxdBackups } from '#drivers/lxd/backups'
import { at, LxdClient, parseEndpoint } from '#drivers/lxd/client'
import { LxdConsole } from '#drivers/lxd/console'
import { LxdCredentials } from '#drivers/lxd/credentials'
import { LxdDoctor } from '#drivers/lxd/doctor'
import { LxdDiagnosis } from '#drivers/lxd/diagnosis'
import { LxdEvents } from '#drivers/lxd/events'
import { LxdHostName } from '#drivers/lxd/host_name'
import { LxdImages } from '#drivers/lxd/images'
import { LxdInfrastructure } from '#drivers/lxd/infrastructure'
import { LxdInspect } from '#drivers/lxd/inspect'
import { LxdInstances, type LxdOptions } from '#drivers/lxd/instances'
import { LxdInterfaces } from '#drivers/lxd/interfaces'
import { LxdMetrics } from '#drivers/lxd/metrics'
import { LxdMoves } from '#drivers/lxd/moves'
import { LxdReplacement } from '#drivers/lxd/replacement'
import { LxdSnapshots } from '#drivers/lxd/snapshots'
import { LxdTasks } from '#drivers/lxd/tasks'
import { identifyServer } from '#drivers/pinned_agent'
import { fromTransport } from '#drivers/transport'

/** What the driver uses beyond the first LXD API; LXD 4.24 has them all. */
const NEEDED_EXTENSIONS = [
  'etag',
  'patch',
  'container_push',
  'container_exec_user_group_cwd',
  'resources_v2',
  'projects',
  'instances',
  'container_nic_ipfilter',
  'cloud_init',
  'instance_get_full',
]

const STOP_SECONDS = 30

/** From here on a skew is worth a word when the server refuses our certificate. */
const SKEW_WORTH_TELLING_MS = 60_000

/**
 * One LXD server or cluster. Settings an operator may give it: `project`, `profiles`, `storagePool`,
 * `addressFiltering` (false: guests may speak from any address), `stopSeconds`, `timeoutMs`.
 */
export class LxdDriver implements ComputeDriver {
  readonly nodes: LxdInfrastructure
  readonly images: LxdImages
  readonly infrastructure: LxdInfrastructure
  readonly instances: LxdInstances
  readonly credentials: LxdCredentials
  readonly metrics: LxdMetrics
  readonly events: LxdEvents
  readonly replacement: LxdReplacement
  readonly snapshots: LxdSnapshots
  readonly hostName: LxdHostName
  readonly console: LxdConsole
  readonly inspect: LxdInspect
  readonly doctor: LxdDoctor
  readonly diagnosis: LxdDiagnosis
  readonly backups: LxdBackups
  readonly interfaces: LxdInterfaces
  /** Only between the members of a cluster. */
  readonly moves?: LxdMoves
  private readonly client: LxdClient
  private readonly tasks: LxdTasks

  constructor(connection: ClusterConnection) {
    const { facts, settings } = connection
    const profiles = list(settings.profiles)
      .map(text)
      .filter((name) => name !== null)
    this.client = new LxdClient(connection)
    this.tasks = new LxdTasks(this.client)
    this.infrastructure = new LxdInfrastructure(this.client, facts, text(settings.storagePool))
    this.nodes = this.infrastructure
    this.images = new LxdImages(this.client)
    const options: LxdOptions = {
      profiles: profiles.length > 0 ? profiles : ['default'],
      addressFiltering: settings.addressFiltering !== false,
      stopSeconds: Number(settings.stopSeconds) || STOP_SECONDS,
    }
    this.instances = new LxdInstances(this.client, this.tasks, facts, options)
    this.credentials = new LxdCredentials(this.client)
    this.metrics = new LxdMetrics(this.client, facts)
    this.events = new LxdEvents(this.client)
    this.diagnosis = new LxdDiagnosis(this.client)
    this.hostName = new LxdHostName(this.client)
    this.replacement = new LxdReplacement(this.client, this.tasks)
    this.snapshots = new LxdSnapshots(this.client, this.tasks)
    this.console = new LxdConsole(this.client)
    this.inspect = new LxdInspect(this.client, facts)
    this.doctor = new LxdDoctor(this.client, facts)
    this.backups = new LxdBackups(this.client, this.tasks, facts, options)
    this.interfaces = new LxdInterfaces(this.client, this.tasks, options)
    if (facts?.clustered) this.moves = new LxdMoves(this.client, this.tasks)
  }

  async probe(): Promise<ClusterFacts> {
    const askedAt = Date.now()
    const reply = await this.client.get(at())
    const server = record(reply.metadata)
    const environment = record(server.environment)
    const skewMs = clockSkewOf(reply.date, askedAt)
    if (server.auth !== 'trusted') throw untrusted(this.client.where, skewMs)
    const extensions = list(server.api_extensions).map(String)
    const missing = NEEDED_EXTENSIONS.filter((name) => !extensions.includes(name))
    if (missing.length > 0) {
      throw new DriverError(
        'unsupported',
        `${this.client.where} runs LXD ${text(environment.server_version) ?? ''}, which is too old: it lacks ${missing.join(', ')}`
      )
    }
    await this.client.requireProject()
    return {
      product: 'LXD',
      version: text(environment.server_version) ?? '',
      serverName: text(environment.server_name) ?? '',
      clustered: environment.server_clustered === true,
      kinds: kindsOf(text(environment.driver) ?? ''),
      extensions,
      clockSkewMs: skewMs,
    }
  }

  poll(task: RemoteTask, options?: PollOptions): Promise<TaskStatus> {
    return this.tasks.poll(task, options)
  }

  async trust(secret: string): Promise<void> {
    const { metadata } = await this.client.get(at())
    const server = record(metadata)
    if (server.auth === 'trusted') return
    const meant = fingerprintInToken(secret)
    if (meant !== null && meant !== this.client.fingerprint) {
      throw new DriverError('tls_mismatch', 'the token is for a server with another certificate')
    }
    const takesTokens = list(server.api_extensions).includes('explicit_trust_token')
    const proof = meant !== null && takesTokens ? { trust_token: secret } : { password: secret }
    await this.client.request('POST', at('certificates'), {
      body: { json: { type: 'client', name: 'portico', ...proof } },
    })
  }

  async close(): Promise<void> {
    this.client.close()
  }
}

export function createDriver(connection: ClusterConnection): ComputeDriver {
  return new LxdDriver(connection)
}

/** What listens there shows itself; nothing is sent to it. */
export async function identify(endpoint: string): Promise<ServerIdentity> {
  const { hostname, port, host } = parseEndpoint(endpoint)
  return identifyServer(hostname, Number(port)).catch((error) => {
    throw fromTransport(error, host)
  })
}

/**
 * Has the server trust our certificate, by the trust password its operator set or by a token he made with
 * `lxc config trust add`. Trusted already: succeeds.
 */
export async function trustClient(connection: ClusterConnection, secret: string): Promise<void> {
  const driver = new LxdDriver(connection)
  try {
    await driver.trust(secret.trim())
  } finally {
    await driver.close()
  }
}

/** A token is base64 of JSON that also says which server it is for; null: it is a password. */
function fingerprintInToken(secret: string): string | null {
  try {
    return text(record(JSON.parse(Buffer.from(secret, 'base64').toString('utf8'))).fingerprint)
  } catch {
    return null
  }
}

function untrusted(where: string, skewMs: number | null): DriverError {
  const skewed =
    skewMs !== null && Math.abs(skewMs) >= SKEW_WORTH_TELLING_MS
      ? `; its clock is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead' : 'behind'}`
      : ''
  return new DriverError('unauthorized', `${where} does not trust our certificate${skewed}`)
}

function kindsOf(instanceDrivers: string): InstanceKind[] {
  const kinds: InstanceKind[] = []
  if (instanceDrivers.includes('lxc')) kinds.push('container')
  if (instanceDrivers.includes('qemu')) kinds.push('virtual-machine')
  return kinds
}
