import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import type Instance from '#models/instance'
import Backup from '#models/backup'
import CopySchedule from '#models/copy_schedule'
import Snapshot from '#models/snapshot'
import type User from '#models/user'
import { finish, type TestTenant } from '#tests/support/world'

/** A snapshot that was taken. */
export async function snapshotOf(
  tenant: TestTenant,
  instance: Instance,
  name: string
): Promise<Snapshot> {
  return tenant.inside(async () => {
    const { snapshot, operation } = await instance.snapshot({ name, by: tenant.owner })
    await finish(operation)
    await snapshot.refresh()
    await snapshot.load('instance')
    return snapshot
  })
}

/** A backup that is in the store. */
export async function backupOf(
  tenant: TestTenant,
  instance: Instance,
  name: string
): Promise<Backup> {
  return tenant.inside(async () => {
    const { backup, operation } = await instance.backup({ name, by: tenant.owner })
    await finish(operation)
    await backup.refresh()
    await backup.load('instance')
    return backup
  })
}

/** Its rows, the oldest first, as the database has them. */
export function snapshotRows({ id }: Instance) {
  return db.from('snapshots').where('instance_id', id).orderBy('id')
}

/** Names of what its cluster keeps. */
export async function remoteSnapshots(cluster: Cluster, { ref }: Instance): Promise<string[]> {
  const driver = await cluster.openDriver()
  const snapshots = await driver.snapshots!.list(ref).finally(() => driver.close())
  return snapshots.map(({ name }) => name)
}

/** Whether the cluster still keeps an archive of that name. */
export async function isPacked(
  cluster: Cluster,
  instance: Instance,
  name: string
): Promise<boolean> {
  const driver = await cluster.openDriver()
  try {
    const archive = await driver.backups!.read(instance.ref, name)
    if ('stream' in archive) archive.stream.destroy()
    return true
  } catch (error) {
    if (error instanceof DriverError && error.kind === 'not_found') return false
    throw error
  } finally {
    await driver.close()
  }
}

/** Rows as they are found in a page: nothing is done for them in the cluster. */
export async function copiesOf(instance: Instance, owner: User) {
  const of = { organizationId: instance.organizationId, instanceId: instance.id }
  const snapshot = await Snapshot.create({
    ...of,
    name: 'before',
    slot: 1,
    takenAt: DateTime.utc(),
  })
  const turn = { rhythm: 'daily', keep: 1, hour: 3, weekday: 1, nextAt: DateTime.utc() } as const
  const by = { createdById: owner.id }
  const archive = { store: 'local', archiveKey: 'none.tar.gz', diskGib: 10 } as const
  return {
    snapshot,
    backup: await Backup.create({ ...of, ...archive, name: 'before', slot: 1 }),
    snapshotSchedule: await CopySchedule.create({ ...of, ...turn, ...by, makes: 'snapshot' }),
    backupSchedule: await CopySchedule.create({ ...of, ...turn, ...by, makes: 'backup' }),
  }
}
