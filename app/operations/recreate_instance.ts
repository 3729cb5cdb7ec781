import { DateTime } from 'luxon'
import { DriverError } from '#drivers/errors'
import DriftFinding from '#models/drift_finding'
import OneTimeSecret from '#models/one_time_secret'
import Snapshot from '#models/snapshot'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { destroyRemote } from '#operations/create_instance'
import { defineOperation, type StepContext } from '#operations/definition'
import { build, setCredentials, verify, type Credentials } from '#operations/steps/build'
import { withdrawConsoleAccount } from '#operations/steps/console_account'
import { plugAll } from '#operations/steps/interfaces'
import { start } from '#operations/steps/power'

type Context = StepContext<Credentials>

/** Of what its row still holds, an instance that is gone is made once more. */
export default defineOperation<Credentials>({
  type: 'instance.recreate',
  steps: [
    { name: 'check_absent', run: checkAbsent },
    { name: 'create', run: create, undo: destroyCreated },
    { name: 'start', run: start },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'set_credentials', run: setCredentials },
    { name: 'verify', run: verify },
  ],
  async close({ operation, instance }, ending, trx) {
    if (ending !== 'succeeded') return
    instance.missingSince = null
    instance.provisionedAt = DateTime.utc()
    await instance.save()
    await Snapshot.forgetAll(instance, trx)
    await OneTimeSecret.applied(instance, operation.input.secretId as number, trx)
    await DriftFinding.settle(instance, ['missing', 'limits', 'power', 'addresses', 'cards'], trx)
  },
})

async function create(context: Context) {
  await build(context, context.instance)
  await plugAll(context)
}

async function destroyCreated(context: Context) {
  await destroyRemote(context)
  await withdrawConsoleAccount(context)
}

/** What came back in the meantime holds somebody's data: it is neither taken for the new one nor taken back. */
async function checkAbsent({ instance, driver }: Context) {
  const remote = await driver.instances.find(instance.ref)
  if (remote) throw new DriverError('already_exists', `${instance.ref} is there again`)
}
