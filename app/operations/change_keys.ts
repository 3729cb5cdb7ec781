import InstanceKey from '#models/instance_key'
import { defineOperation, type StepContext } from '#operations/definition'

export type ChangeKeys = { sshKeys: string[]; removedKeys: string[]; addedById: number | null }

type Context = StepContext<ChangeKeys>

export default defineOperation<ChangeKeys>({
  type: 'instance.change_keys',
  steps: [{ name: 'change_keys', run: changeKeys, undo: changeBack }],
  async close({ operation, instance }, ending, trx) {
    if (ending !== 'succeeded') return
    const { sshKeys, removedKeys, addedById } = operation.input as ChangeKeys
    await InstanceKey.forget(instance, removedKeys, trx)
    await InstanceKey.keep(instance, sshKeys, addedById, trx)
  },
})

async function changeKeys({ input, instance, driver }: Context) {
  await driver.credentials!.authorizeKeys(instance.ref, input.sshKeys)
  await driver.credentials!.revokeKeys(instance.ref, input.removedKeys)
}

async function changeBack({ input, instance, driver }: Context) {
  if (!(await driver.instances.find(instance.ref))) return
  await driver.credentials!.authorizeKeys(instance.ref, input.removedKeys)
  await driver.credentials!.revokeKeys(instance.ref, input.sshKeys)
}
