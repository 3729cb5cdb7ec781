import { defineOperation, type StepContext } from '#operations/definition'
import { observe, start, stopFirmly } from '#operations/steps/power'
import Suspension from '#models/suspension'

export type SuspendInstance = { suspensionId: number }

type Context = StepContext<SuspendInstance>

/** The row stands from the moment it was ordered; when the instance cannot be stopped, it does not stay. */
export default defineOperation<SuspendInstance>({
  type: 'instance.suspend',
  steps: [
    { name: 'note_power', run: notePower },
    { name: 'stop', run: stop, undo: startAgain },
    { name: 'observe', run: observeIfThere },
  ],
  async close({ operation }, ending, trx) {
    if (ending === 'succeeded') return
    const suspension = await Suspension.findOrFail(operation.input.suspensionId, { client: trx })
    await suspension.close(null, trx)
  },
})

async function notePower({ input, instance, driver }: Context) {
  const remote = await driver.instances.find(instance.ref)
  if (!remote || remote.power === 'stopped') return
  await Suspension.query().where('id', input.suspensionId).update({ was_running: true })
}

/** One that is gone cannot run: it is suspended all the same. */
async function stop(context: Context) {
  if (await context.driver.instances.find(context.instance.ref)) await stopFirmly(context)
}

async function startAgain(context: Context) {
  const { wasRunning } = await Suspension.findOrFail(context.input.suspensionId)
  if (wasRunning) await start(context)
}

async function observeIfThere(context: Context) {
  if (await context.driver.instances.find(context.instance.ref)) await observe(context)
}
