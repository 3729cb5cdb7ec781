import type {
  ClusterTask,
  ComputeDriver,
  GuestDisk,
  HistoryRange,
  MeasuredPoint,
  SnapshotTree,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { driverFor } from '#drivers/registry'
import { ClusterSilent, NotFound } from '#exceptions/domain_error'
import type Instance from '#models/instance'
import Operation from '#models/operation'

/*
| What a cluster itself knows of an instance. It is asked while a person waits for a page: not for long, and the page
| does without when there is no answer.
*/

const PATIENCE_MS = 5_000

/** What the cluster says it did, newest first. Needs `cluster`. @throws ClusterSilent, NotFound without the facet */
export async function clusterTasks(instance: Instance, limit: number): Promise<ClusterTask[]> {
  const since = await begunAt(instance)
  return asked(instance, async ({ taskList }) => {
    if (!taskList) throw new NotFound()
    return taskList.list(instance.ref, { since: since.toISOString(), limit })
  })
}

/** One of them, and what the cluster wrote while it did it. @throws as above, and NotFound when it has none such */
export async function clusterTask(
  instance: Instance,
  id: string,
  limit: number
): Promise<{ task: ClusterTask; log: string[] }> {
  // Only what is listed is told: under the same number there was another instance before.
  const listed = await clusterTasks(instance, limit)
  const task = listed.find((one) => one.id === id)
  if (!task) throw new NotFound()
  const log = await asked(instance, ({ taskList }) => taskList!.log(instance.ref, id))
  return { task, log }
}

/** Which of its snapshots came of which; null: the cluster does not know, or does not answer. Needs `cluster`. */
export async function clusterSnapshots(instance: Instance): Promise<SnapshotTree | null> {
  try {
    return await asked(
      instance,
      async ({ snapshots }) => (await snapshots?.tree?.(instance.ref)) ?? null
    )
  } catch (error) {
    if (error instanceof ClusterSilent || error instanceof NotFound) return null
    throw error
  }
}

/** Its disks as they are there. Needs `cluster`. @throws as above */
export function clusterDisks(instance: Instance): Promise<GuestDisk[]> {
  return asked(instance, async ({ disks }) => {
    if (!disks) throw new NotFound()
    return disks.list(instance.ref)
  })
}

/** What it measured since the instance is there; none: it does not measure, or does not answer. Needs `cluster`. */
export async function clusterHistory(
  instance: Instance,
  range: HistoryRange
): Promise<MeasuredPoint[]> {
  if (!instance.isProvisioned) return []
  const since = await begunAt(instance)
  const begun = Math.floor(since.getTime() / 1_000)
  try {
    const points = await asked(
      instance,
      async ({ history }) => (await history?.measured(instance.ref, range)) ?? []
    )
    return points.filter(({ at }) => at >= begun)
  } catch (error) {
    if (error instanceof ClusterSilent) return []
    throw error
  }
}

async function asked<Answer>(
  { cluster }: Instance,
  ask: (driver: ComputeDriver) => Promise<Answer>
): Promise<Answer> {
  const connection = cluster.connection()
  const settings = { ...connection.settings, timeoutMs: PATIENCE_MS }
  const driver = await driverFor({ ...connection, settings })
  try {
    return await ask(driver)
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    if (error.kind === 'not_found') throw new NotFound()
    throw new ClusterSilent({}, { cause: error })
  } finally {
    await driver.close()
  }
}

/** Before that its number was somebody else's. */
async function begunAt(instance: Instance): Promise<Date> {
  const created = await Operation.query()
    .where('instance_id', instance.id)
    .where('type', 'instance.create')
    .first()
  const step = created?.steps.find(({ name }) => name === 'create')
  return step?.startedAt ? new Date(step.startedAt) : instance.createdAt.toJSDate()
}
