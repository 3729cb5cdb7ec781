import { DateTime } from 'luxon'
import { DriverError } from '#drivers/errors'
import { defineOperation, type StepContext } from '#operations/definition'
import { provideConsoleAccount, withdrawConsoleAccount } from '#operations/steps/console_account'
import { inspectOf } from '#operations/steps/inspect'
import { observe } from '#operations/steps/power'

/** `stamp`: what the guest carried before it carries ours. */
export type AdoptInstance = { stamp: string | null }

type Context = StepContext<AdoptInstance>

/** Our stamp is all that is changed of the guest. When that cannot be, its row goes as if it had never been. */
export default defineOperation<AdoptInstance>({
  type: 'instance.adopt',
  steps: [
    { name: 'claim', run: claim, undo: disclaim },
    { name: 'observe', run: observe },
  ],
  async close({ instance }, ending, trx) {
    if (ending === 'succeeded') {
      instance.provisionedAt = DateTime.utc()
      await instance.save()
      await trx
        .from('drift_findings')
        .where({ cluster_id: instance.clusterId, subject: instance.ref })
        .whereIn('kind', ['orphan', 'stranger'])
        .delete()
      return
    }
    await trx.from('addresses').where('instance_id', instance.id).delete()
    await instance.giveBackQuota(trx)
    instance.deletedAt = DateTime.utc()
    instance.liveName = null
    instance.powerState = 'unknown'
    await instance.save()
  },
})

async function claim(context: Context) {
  const { input, instance, driver } = context
  await inspectOf(driver).restamp(instance.ref, input.stamp, instance.uid)
  await provideConsoleAccount(context)
}

async function disclaim(context: Context) {
  const { input, instance, driver } = context
  await withdrawConsoleAccount(context)
  try {
    await inspectOf(driver).restamp(instance.ref, instance.uid, input.stamp)
  } catch (error) {
    // Gone, or somebody else's by now: there is nothing of ours on it.
    const kinds = ['not_found', 'already_exists']
    if (!(error instanceof DriverError) || !kinds.includes(error.kind)) throw error
  }
}
