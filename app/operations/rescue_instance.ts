import { defineOperation, type StepContext } from '#operations/definition'
import { observe, remoteOrFail, start } from '#operations/steps/power'

type RescueInstance = Record<string, never>

/** Limits and network cards as they should be, then a start. Nothing is taken back: before it, it was worse. */
export default defineOperation<RescueInstance>({
  type: 'instance.rescue',
  steps: [
    { name: 'repair', run: repair },
    { name: 'start', run: start },
    { name: 'observe', run: observe },
  ],
})

async function repair(context: StepContext<RescueInstance>) {
  const { instance, driver, settle } = context
  const { size } = await remoteOrFail(context)
  if (driver.replacement) await settle(await driver.replacement.recall(instance.ref, instance.uid))
  // A disk that somebody made larger stays so.
  const diskGib = Math.max(instance.size.diskGib, size.diskGib)
  await settle(await driver.instances.resize(instance.ref, { ...instance.size, diskGib }))
}
