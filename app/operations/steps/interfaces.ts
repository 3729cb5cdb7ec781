import type { InterfacesApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import Interface from '#models/interface'
import type { StepContext } from '#operations/definition'

/** Has the cluster plug it in, as its row says. */
export async function plug<Input>(
  { instance, driver, settle }: StepContext<Input>,
  card: Interface
): Promise<void> {
  await card.load((relation) =>
    relation
      .load('network')
      .load('addresses', (addresses) => addresses.preload('addressPool').orderBy('family'))
  )
  await settle(await interfacesOf(driver).attach(instance.ref, instance.uid, card.card))
}

export async function unplug<Input>(
  { instance, driver, settle }: StepContext<Input>,
  { name }: Interface
): Promise<void> {
  await settle(await interfacesOf(driver).detach(instance.ref, instance.uid, name))
}

/**
 * Every further card it has, on what the cluster has just made or brought back for it; and none of ours that it has no
 * longer. Nothing else may carry them any more: of two with one MAC address the second is refused.
 */
export async function plugAll<Input>(context: StepContext<Input>): Promise<void> {
  if (context.driver.interfaces) await plugOnly(context, 'ours')
}

/** As its rows say, and nothing beside it: what somebody plugged in past Portico goes, too. */
export async function plugExactly<Input>(context: StepContext<Input>): Promise<void> {
  await plugOnly(context, 'anybody')
}

async function plugOnly<Input>(
  context: StepContext<Input>,
  whose: 'ours' | 'anybody'
): Promise<void> {
  const { instance, driver, settle } = context
  const { ref } = instance
  const api = interfacesOf(driver)
  const cards = await Interface.query()
    .where('instance_id', instance.id)
    .whereNotNull('attached_at')
    .orderBy('name')
  const known = new Set(cards.map(({ name }) => name))
  for (const { name, isOurs } of await api.list(ref)) {
    const isMeant = isOurs ? known.has(name) : whose === 'ours'
    if (!isMeant) await settle(await api.detach(ref, instance.uid, name, whose))
  }
  for (const card of cards) await plug(context, card)
}

/** @throws DriverError unsupported: the cluster could when it was asked for, and cannot any more */
function interfacesOf({ interfaces }: StepContext<never>['driver']): InterfacesApi {
  if (interfaces) return interfaces
  throw new DriverError('unsupported', 'this cluster gives instances no further networks')
}
