import OneTimeSecret from '#models/one_time_secret'
import { defineOperation, type StepContext } from '#operations/definition'

export type ResetRootPassword = { secretId: number }

/**
 * Nobody knows the old password, so there is nothing to go back to: it is either replaced or untouched. Setting
 * the same one twice does no harm.
 */
export default defineOperation<ResetRootPassword>({
  type: 'instance.reset_password',
  steps: [{ name: 'set_password', run: setPassword }],
  async close({ operation, instance }, ending, trx) {
    const secretId = operation.input.secretId as number
    if (ending === 'succeeded') await OneTimeSecret.applied(instance, secretId, trx)
    else await trx.from('one_time_secrets').where('id', secretId).delete()
  },
})

async function setPassword({ input, instance, driver }: StepContext<ResetRootPassword>) {
  const secret = await OneTimeSecret.findOrFail(input.secretId)
  await driver.credentials!.setRootPassword(instance.ref, secret.value())
}
