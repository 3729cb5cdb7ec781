import { clockSkewOf } from '#drivers/clock'
import {
  DEFAULT_REF_RANGE,
  type ClusterConnection,
  type ClusterFacts,
  type ComputeDriver,
  type PollOptions,
  type RefRange,
  type RemoteTask,
  type ServerIdentity,
  type TaskStatus,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { identifyServer } from '#drivers/pinned_agent'
import { ProxmoxArchives } from '#drivers/proxmox/archives'
import { ProxmoxBackups } from '#drivers/proxmox/backups'
import { parseEndpoint, ProxmoxClient } from '#drivers/proxmox/client'
import { ProxmoxConsole } from '#drivers/proxmox/console'
import { ProxmoxConsoleAccounts } from '#drivers/proxmox/console_accounts'
import { ProxmoxConsoleEntrance } from '#drivers/proxmox/console_entrance'
import { ProxmoxDiagnosis } from '#drivers/proxmox/diagnosis'
import { ProxmoxDisks } from '#drivers/proxmox/disks'
import { ProxmoxDoctor } from '#drivers/proxmox/doctor'
import { ProxmoxGuests } from '#drivers/proxmox/guests'
import { ProxmoxHostName } from '#drivers/proxmox/host_name'
import { ProxmoxHistory } from '#drivers/proxmox/history'
import { ProxmoxImages } from '#drivers/proxmox/images'
import { ProxmoxInfrastructure } from '#drivers/proxmox/infrastructure'
import { ProxmoxInspect } from '#drivers/proxmox/inspect'
import { ProxmoxInstances, type ProxmoxOptions } from '#drivers/proxmox/instances'
import { ProxmoxMetrics } from '#drivers/proxmox/metrics'
import { ProxmoxMoves } from '#drivers/proxmox/moves'
import { ProxmoxPlacement } from '#drivers/proxmox/placement'
import { ProxmoxReplacement } from '#drivers/proxmox/replacement'
import { ProxmoxScreen } from '#drivers/proxmox/screen'
import { ProxmoxSnapshots } from '#drivers/proxmox/snapshots'
import { ProxmoxTaskList } from '#drivers/proxmox/task_list'
import { ProxmoxTasks } from '#drivers/proxmox/tasks'
import { fromTransport } from '#drivers/transport'

const OLDEST_MAJOR = 7
const STOP_SECONDS = 30

/**
 * A cluster of Proxmox VE nodes, or one node, with containers. Settings an operator may give it: `storagePool`,
 * `firstVmid`, `lastVmid`, `vlans`, `consoleAccounts`, `swapMib`, `nesting` and `startsOnBoot` (false: without), `stopSeconds`, `timeoutMs`.
 */
export class ProxmoxDriver implements ComputeDriver {
  readonly refRange: RefRange
  readonly nodes: ProxmoxInfrastructure
  readonly images: ProxmoxImages
  readonly infrastructure: ProxmoxInfrastructure
  readonly instances: ProxmoxInstances
  readonly metrics: ProxmoxMetrics
  readonly snapshots: ProxmoxSnapshots
  readonly diagnosis: ProxmoxDiagnosis
  readonly replacement: ProxmoxReplacement
  readonly backups: ProxmoxBackups
  readonly hostName: ProxmoxHostName
  readonly inspect: ProxmoxInspect
  readonly doctor: ProxmoxDoctor
  readonly moves?: ProxmoxMoves
  readonly console: ProxmoxConsole
  readonly screen: ProxmoxScreen
  readonly consoleAccounts: ProxmoxConsoleAccounts
  readonly disks: ProxmoxDisks
  readonly taskList: ProxmoxTaskList
  readonly history: ProxmoxHistory
  private readonly client: ProxmoxClient
  private readonly tasks: ProxmoxTasks

  constructor(connection: ClusterConnection) {
    const { settings, facts } = connection
    this.client = new ProxmoxClient(connection)
    const guests = new ProxmoxGuests(this.client)
    const archives = new ProxmoxArchives(this.client, guests)
    this.tasks = new ProxmoxTasks(this.client, guests, archives)
    this.refRange = {
      first: Number(settings.firstVmid) || DEFAULT_REF_RANGE.first,
      last: Number(settings.lastVmid) || DEFAULT_REF_RANGE.last,
    }
    const placement = new ProxmoxPlacement(this.client)
    this.infrastructure = new ProxmoxInfrastructure(
      this.client,
      text(settings.storagePool),
      placement,
      list(settings.vlans).map(Number).filter(Boolean)
    )
    this.nodes = this.infrastructure
    this.images = new ProxmoxImages(this.client, guests)
    const options: ProxmoxOptions = {
      stopSeconds: Number(settings.stopSeconds) || STOP_SECONDS,
      swapMib: Number(settings.swapMib) || 0,
      nesting: settings.nesting !== false,
      startsOnBoot: settings.startsOnBoot !== false,
    }
    this.instances = new ProxmoxInstances(this.client, guests, this.tasks, placement, options)
    this.metrics = new ProxmoxMetrics(guests)
    this.snapshots = new ProxmoxSnapshots(this.client, guests, this.tasks)
    this.diagnosis = new ProxmoxDiagnosis(this.client, guests, this.tasks)
    this.backups = new ProxmoxBackups(this.client, guests, this.tasks, archives, placement, options)
    this.hostName = new ProxmoxHostName(guests, this.tasks)
    this.inspect = new ProxmoxInspect(guests, this.tasks)
    this.doctor = new ProxmoxDoctor(this.client, guests, this.tasks, text(settings.storagePool))
    this.replacement = new ProxmoxReplacement(this.client, guests, this.tasks)
    if (connection.facts?.clustered) {
      this.moves = new ProxmoxMoves(this.client, guests, this.tasks, placement)
    }
    this.consoleAccounts = new ProxmoxConsoleAccounts(this.client, guests, connection)
    const entrance = new ProxmoxConsoleEntrance(this.client, guests, this.consoleAccounts)
    this.console = new ProxmoxConsole(entrance)
    this.screen = new ProxmoxScreen(entrance)
    this.disks = new ProxmoxDisks(guests)
    this.taskList = new ProxmoxTaskList(this.client, guests, facts?.clockSkewMs ?? 0)
    this.history = new ProxmoxHistory(this.client, guests)
  }

  async probe(): Promise<ClusterFacts> {
    const askedAt = Date.now()
    const reply = await this.client.get('/version')
    const version = text(record(reply.data).version) ?? ''
    if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
      throw new DriverError(
        'unsupported',
        `${this.client.where} runs Proxmox VE ${version}, which is too old: ${OLDEST_MAJOR} is needed`
      )
    }
    const skewMs = clockSkewOf(reply.date, askedAt)
    const status = await this.client.get('/cluster/status')
    const members = list(status.data).map(record)
    const cluster = members.find(({ type }) => type === 'cluster')
    const local = members.find(
      ({ type, local: isLocal }) => type === 'node' && Number(isLocal) === 1
    )
    if (!local) {
      throw new DriverError(
        'unauthorized',
        `${this.client.where} lets ${this.client.user} in, but shows it nothing: give it a role on /`
      )
    }
    return {
      product: 'Proxmox VE',
      version,
      serverName: text(cluster?.name) ?? text(local.name) ?? '',
      clustered: cluster !== undefined,
      kinds: ['container'],
      extensions: [],
      clockSkewMs: skewMs,
    }
  }

  poll(task: RemoteTask, options?: PollOptions): Promise<TaskStatus> {
    return this.tasks.poll(task, options)
  }

  async close(): Promise<void> {
    this.client.close()
  }
}

export function createDriver(connection: ClusterConnection): ComputeDriver {
  return new ProxmoxDriver(connection)
}

/** What listens there shows itself; nothing is sent to it. */
export async function identify(endpoint: string): Promise<ServerIdentity> {
  const { hostname, port, host } = parseEndpoint(endpoint)
  return identifyServer(hostname, Number(port)).catch((error) => {
    throw fromTransport(error, host)
  })
}
