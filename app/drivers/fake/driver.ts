import { createHash } from 'node:crypto'
import type {
  BackupApi,
  ClusterConnection,
  ClusterFacts,
  ComputeDriver,
  ConsoleApi,
  CredentialsApi,
  DisksApi,
  DoctorApi,
  DiagnosisApi,
  EventsApi,
  HostNameApi,
  ImageApi,
  InfrastructureApi,
  InspectApi,
  InterfacesApi,
  MetricsApi,
  MovesApi,
  NodeApi,
  PollOptions,
  RemoteImage,
  RemoteNetwork,
  RemoteNode,
  RemoteStoragePool,
  RemoteTask,
  ReplacementApi,
  ScreenApi,
  ServerIdentity,
  SnapshotApi,
  TaskListApi,
  TaskStatus,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { FakeAnswers } from '#drivers/fake/answers'
import { FakeConsole } from '#drivers/fake/console'
import { FakeDisks } from '#drivers/fake/disks'
import { FakeDoctor } from '#drivers/fake/doctor'
import { FakeBackups } from '#drivers/fake/backups'
import { FakeEvents } from '#drivers/fake/events'
import type { FakeFile } from '#drivers/fake/file'
import { findRow, requireRunning, type InstanceRow } from '#drivers/fake/instance'
import { FakeInspect } from '#drivers/fake/inspect'
import { FakeInstances } from '#drivers/fake/instances'
import { FakeInterfaces } from '#drivers/fake/interfaces'
import { FakeMetrics } from '#drivers/fake/metrics'
import { FakeMoves } from '#drivers/fake/moves'
import { FakeScreen } from '#drivers/fake/screen'
import { FakeSnapshots } from '#drivers/fake/snapshots'
import { FakeTaskList } from '#drivers/fake/task_list'
import { FakeTasks } from '#drivers/fake/tasks'

type NodeRow = {
  name: string
  online: number
  cpus: number
  memory_mib: number
  memory_used_mib: number
  disk_gib: number
  disk_used_gib: number
}

/**
 * The reference driver: a cluster kept in a small SQLite file (`fake:tmp/cluster.sqlite`), shared by as many
 * processes as like. It behaves as the contract says and as real clusters do: work takes time, is found
 * again after a restart, fails when told to (see `FakeCluster`). The file is made by `FakeCluster.create`.
 */
export class FakeDriver implements ComputeDriver {
  readonly instances: FakeInstances
  readonly credentials?: CredentialsApi
  readonly metrics?: MetricsApi
  readonly events?: EventsApi
  readonly replacement?: ReplacementApi
  readonly snapshots?: SnapshotApi
  readonly hostName?: HostNameApi
  readonly console?: ConsoleApi
  readonly screen?: ScreenApi
  readonly taskList?: TaskListApi
  readonly inspect?: InspectApi
  readonly doctor?: DoctorApi
  readonly diagnosis?: DiagnosisApi
  readonly backups?: BackupApi
  readonly moves?: MovesApi
  readonly interfaces?: InterfacesApi
  readonly disks?: DisksApi
  private readonly answers: FakeAnswers
  private readonly tasks: FakeTasks

  constructor(connection: ClusterConnection) {
    this.answers = new FakeAnswers(connection)
    this.tasks = new FakeTasks(this.answers)
    this.answers.catchUp = () => this.tasks.catchUp()
    this.instances = new FakeInstances(this.answers, this.tasks)
    // So that a cluster without one of these facets can be seen, too.
    const { settings } = connection
    if (settings.credentials !== false) this.credentials = this.credentialsFacet
    if (settings.metrics !== false) this.metrics = new FakeMetrics(this.answers)
    if (settings.events !== false) this.events = new FakeEvents(this.answers)
    if (settings.diagnosis !== false) this.diagnosis = this.diagnosisFacet
    if (settings.hostName !== false) this.hostName = this.hostNameFacet
    if (settings.replacement !== false) this.replacement = this.replacementFacet
    if (settings.snapshots !== false) {
      this.snapshots = new FakeSnapshots(this.answers, this.tasks)
    }
    if (settings.console !== false) this.console = new FakeConsole(this.answers)
    if (settings.screen !== false) this.screen = new FakeScreen(this.answers)
    if (settings.taskList !== false) this.taskList = new FakeTaskList(this.answers)
    if (settings.inspect !== false) this.inspect = new FakeInspect(this.answers)
    if (settings.doctor !== false) this.doctor = new FakeDoctor(this.answers)
    if (settings.interfaces !== false) {
      this.interfaces = new FakeInterfaces(this.answers, this.tasks, this.instances)
    }
    if (settings.disks !== false) this.disks = new FakeDisks(this.answers)
    if (settings.moves !== false) {
      this.moves = new FakeMoves(this.answers, this.tasks, this.instances)
    }
    if (settings.backups !== false) {
      this.backups = new FakeBackups(this.answers, this.tasks, this.instances)
    }
  }

  probe(): Promise<ClusterFacts> {
    return this.answers.give('probe', null, () => ({
      product: 'Portico fake cluster',
      version: '1',
      serverName: 'fake',
      clustered: true,
      kinds: ['container', 'virtual-machine'],
      extensions: [],
      clockSkewMs: 0,
    }))
  }

  poll(task: RemoteTask, options?: PollOptions): Promise<TaskStatus> {
    return this.answers.give('poll', task.ref, () => this.tasks.poll(task, options))
  }

  readonly nodes: NodeApi = {
    list: () =>
      this.answers.give('nodes', null, ({ file }) =>
        file.all<NodeRow>('SELECT * FROM nodes ORDER BY name').map(toRemoteNode)
      ),
  }

  readonly images: ImageApi = {
    list: () =>
      this.answers.give('images', null, ({ file }) =>
        file
          .all<{ image: string }>('SELECT image FROM images ORDER BY ref')
          .map(({ image }) => JSON.parse(image) as RemoteImage)
      ),
  }

  readonly infrastructure: InfrastructureApi = {
    storagePools: () =>
      this.answers.give('storage_pools', null, ({ file }) =>
        file.all<RemoteStoragePool>(
          `SELECT storage_pools.name AS name, nodes.name AS node, type, disk_gib AS totalGib,
             disk_used_gib AS usedGib
           FROM storage_pools CROSS JOIN nodes ORDER BY storage_pools.name, nodes.name`
        )
      ),
    networks: () =>
      this.answers.give('networks', null, ({ file }) =>
        file
          .all<{ network: string }>('SELECT network FROM networks ORDER BY name')
          .map(({ network }) => JSON.parse(network) as RemoteNetwork)
      ),
  }

  async close(): Promise<void> {
    this.answers.close()
  }

  private readonly diagnosisFacet: DiagnosisApi = {
    startLog: (ref) =>
      this.answers.give('start_log', ref, ({ file }) => {
        rowOrFail(file, ref)
        const last = file.get<{ state: string; reason: string | null }>(
          `SELECT state, reason FROM tasks WHERE ref = ? AND deed IN ('start', 'restart')
           ORDER BY ends_at DESC LIMIT 1`,
          ref
        )
        return last?.state === 'failed' ? [`start: ${last.reason}`] : []
      }),
  }

  private readonly hostNameFacet: HostNameApi = {
    set: (ref, name) =>
      this.answers.change('set_host_name', ref, ({ file }) => {
        rowOrFail(file, ref)
        file.run('UPDATE instances SET host_name = ? WHERE ref = ?', name, ref)
      }),
  }

  private readonly replacementFacet: ReplacementApi = {
    retire: (ref, stamp) =>
      this.answers.change('retire', ref, () => this.instances.retire(ref, stamp, true)),
    recall: (ref, stamp) =>
      this.answers.change('recall', ref, () => this.instances.retire(ref, stamp, false)),
  }

  private readonly credentialsFacet: CredentialsApi = {
    setRootPassword: (ref, password) =>
      this.answers.change('set_root_password', ref, ({ file }) => {
        requireRunning(findRow(file, ref), ref)
        if (password === '' || /[\0\r\n]/.test(password)) {
          throw new DriverError('invalid', 'a password is one line and not empty')
        }
        file.run(
          'UPDATE instances SET password_hash = ? WHERE ref = ?',
          hashPassword(ref, password),
          ref
        )
      }),
    authorizeKeys: (ref, publicKeys) =>
      this.answers.change('authorize_keys', ref, ({ file }) => {
        const row = rowOrFail(file, ref)
        const keys = new Set((row.authorized_keys ?? '').split('\n').filter(Boolean))
        for (const key of publicKeys) keys.add(key.trim())
        const lines = [...keys].join('\n')
        file.run('UPDATE instances SET authorized_keys = ? WHERE ref = ?', lines, ref)
      }),
    revokeKeys: (ref, publicKeys) =>
      this.answers.change('revoke_keys', ref, ({ file }) => {
        const row = rowOrFail(file, ref)
        const unwanted = new Set(publicKeys.map((key) => key.trim()))
        const lines = (row.authorized_keys ?? '').split('\n').filter((key) => !unwanted.has(key))
        file.run('UPDATE instances SET authorized_keys = ? WHERE ref = ?', lines.join('\n'), ref)
      }),
  }
}

export function createDriver(connection: ClusterConnection): ComputeDriver {
  return new FakeDriver(connection)
}

/** A file shows no certificate: there is nothing to compare and nothing to pin. */
export async function identify(): Promise<ServerIdentity | null> {
  return null
}

/** It is only ever compared, so the file does not hold it. */
export function hashPassword(ref: string, password: string): string {
  return createHash('sha256').update(`${ref}\0${password}`).digest('hex')
}

function rowOrFail(file: FakeFile, ref: string): InstanceRow {
  const row = findRow(file, ref)
  if (row) return row
  throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}

function toRemoteNode(row: NodeRow): RemoteNode {
  return {
    ref: row.name,
    name: row.name,
    online: row.online === 1,
    cpus: row.cpus,
    memoryMib: row.memory_mib,
    memoryUsedMib: row.memory_used_mib,
    diskGib: row.disk_gib,
    diskUsedGib: row.disk_used_gib,
  }
}
