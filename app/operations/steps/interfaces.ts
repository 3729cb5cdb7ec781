import type { InterfacesApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import Interface from '#models/interface'
import type { StepContext } from '#operations/definition'

/** Has the cluster plug it in, as its row says. */
export async function plug<Input>(
  { instance, driver, settle }: StepContext<Input>,
  card: Interface,
  ref = instance.ref
): Promise<void> {
  await card.load((relation) =>
    relation
      .load('network')
      .load('addresses', (addresses) => addresses.preload('addressPool').orderBy('family'))
  )
  await settle(await interfacesOf(driver).attach(ref, instance.uid, card.card))
}

export async function unplug<Input>(
  { instance, driver, settle }: StepContext<Input>,
  { name }: Interface
): Promise<void> {
  await settle(await interfacesOf(driver).detach(instance.ref, instance.uid, name))
}

/**
 * Every further card it has, on what the cluster has just made or brought back for it; and none it has no longer.
 * `ref`: of a body that is to become the instance.
 */
export async function plugAll<Input>(context: StepContext<Input>, ref?: string): Promise<void> {
  const { instance, driver, settle } = context
  if (!driver.interfaces) return
  const cards = await Interface.query().where('instance_id', instance.id).orderBy('name')
  const known = new Set(cards.map(({ name }) => name))
  const at = ref ?? instance.ref
  for (const { name } of await driver.interfaces.list(at)) {
    if (!known.has(name)) await settle(await driver.interfaces.detach(at, instance.uid, name))
  }
  for (const card of cards) {
    if (card.attachedAt !== null) await plug(context, card, at)
  }
}

/** @throws DriverError unsupported: the cluster could when it was asked for, and cannot any more */
function interfacesOf({ interfaces }: StepContext<never>['driver']): InterfacesApi {
  if (interfaces) return interfaces
  throw new DriverError('unsupported', 'this cluster gives instances no further networks')
}
