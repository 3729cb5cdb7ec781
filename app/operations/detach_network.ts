import Interface from '#models/interface'
import { defineOperation, type StepContext } from '#operations/definition'
import { plug, unplug } from '#operations/steps/interfaces'

export type DetachNetwork = { interfaceId: number; network: string }

type Context = StepContext<DetachNetwork>

/** Its addresses are free only when nothing carries them any more. */
export default defineOperation<DetachNetwork>({
  type: 'instance.detach_network',
  steps: [{ name: 'detach', run: detach, undo: attachAgain }],
  async close({ operation }, ending, trx) {
    if (ending !== 'succeeded') return
    const { interfaceId } = operation.input as DetachNetwork
    await Interface.release([interfaceId], trx)
  },
})

async function detach(context: Context) {
  await unplug(context, await Interface.findOrFail(context.input.interfaceId))
}

async function attachAgain(context: Context) {
  const { instance, driver, input } = context
  if (!(await driver.instances.find(instance.ref))) return
  await plug(context, await Interface.findOrFail(input.interfaceId))
}
