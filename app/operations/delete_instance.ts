import { DateTime } from 'luxon'
import ConsoleSession from '#models/console_session'
import { giveBackNumber } from '#models/instance_number'
import Interface from '#models/interface'
import PortForward from '#models/port_forward'
import Snapshot from '#models/snapshot'
import { dropForwards } from '#operations/carry_forwards'
import { defineOperation, type StepContext } from '#operations/definition'
import { withdrawConsoleAccount } from '#operations/steps/console_account'

type DeleteInstance = Record<string, never>

/** Goes on until it is done: half a deletion helps nobody. Addresses are free only when it is gone. */
export default defineOperation<DeleteInstance>({
  type: 'instance.delete',
  goesOn: true,
  steps: [
    { name: 'unforward', run: (context) => dropForwards(context) },
    { name: 'destroy', run: destroy },
  ],
  async close({ instance }, ending, trx) {
    if (ending !== 'succeeded') return
    instance.deletedAt = DateTime.utc()
    instance.liveName = null
    instance.powerState = 'unknown'
    await instance.save()
    await giveBackNumber(instance)
    const forwards = await trx.from('port_forwards').where('instance_id', instance.id).select('id')
    await PortForward.release(
      forwards.map(({ id }) => id),
      trx
    )
    await Snapshot.forgetAll(instance, trx)
    await Interface.forgetAll(instance, trx)
    await trx.from('addresses').where('instance_id', instance.id).delete()
    await trx.from('one_time_secrets').where('instance_id', instance.id).delete()
    await instance.giveBackQuota(trx)
  },
})

async function destroy(context: StepContext<DeleteInstance>) {
  const { instance, driver, settle, signal } = context
  await ConsoleSession.letGo(instance, signal)
  await settle(await driver.instances.destroy(instance.ref, instance.uid))
  await withdrawConsoleAccount(context)
}
