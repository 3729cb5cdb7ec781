import Snapshot from '#models/snapshot'
import { carryForwards } from '#operations/carry_forwards'
import { defineOperation, type StepContext } from '#operations/definition'
import { plugAll } from '#operations/steps/interfaces'
import { observe, start } from '#operations/steps/power'
import { snapshotsOf } from '#operations/steps/snapshots'

export type RestoreSnapshot = { snapshotId: number; snapshot: string }

type Context = StepContext<RestoreSnapshot>

/**
 * What was on the disk cannot be had back: no cluster promises that a snapshot made just now would not be in the
 * way of the older one. So an undo brings back everything but the disk: limits, power and forwards, which are
 * those of the snapshot's time when a restore came only half-way.
 */
export default defineOperation<RestoreSnapshot>({
  type: 'snapshot.restore',
  steps: [
    { name: 'restore', run: restore, undo: putRight },
    { name: 'limit', run: limit },
    { name: 'start_again', run: startAgain },
    { name: 'forward', run: (context) => carryForwards(context) },
    { name: 'observe', run: observe },
  ],
})

async function restore(context: Context) {
  const { input, instance, settle } = context
  const { uid } = await Snapshot.findOrFail(input.snapshotId)
  await settle(await snapshotsOf(context).restore(instance.ref, uid))
}

/** Cards are of the snapshot's time, too. */
async function limit(context: Context) {
  const { instance, driver, settle } = context
  await settle(await driver.instances.resize(instance.ref, instance.size))
  await plugAll(context)
}

/** As it was before; some clusters leave it stopped. */
async function startAgain(context: Context) {
  if (context.instance.powerState === 'running') await start(context)
}

async function putRight(context: Context) {
  if (!(await context.driver.instances.find(context.instance.ref))) return
  await limit(context)
  await startAgain(context)
  await carryForwards(context)
}
