import { defineOperation, type StepContext } from '#operations/definition'

export type RenameInstance = { name: string; previous: string }

type Context = StepContext<RenameInstance>

/** Its owner calls it so already; here the guest learns it, and knows its old name again when that fails. */
export default defineOperation<RenameInstance>({
  type: 'instance.rename',
  steps: [
    {
      name: 'set_host_name',
      run: (context) => tell(context, context.input.name),
      undo: (context) => tell(context, context.input.previous),
    },
  ],
  async close({ operation, instance }, ending, trx) {
    if (ending === 'succeeded') return
    const { previous } = operation.input as RenameInstance
    const taken = await trx
      .from('instances')
      .where({ organization_id: instance.organizationId, live_name: previous })
      .first()
    // Somebody was quick to take the old name: then the new one stays.
    if (!taken) await instance.merge({ name: previous, liveName: previous }).save()
  },
})

async function tell({ instance, driver }: Context, name: string) {
  if (await driver.instances.find(instance.ref)) await driver.hostName!.set(instance.ref, name)
}
