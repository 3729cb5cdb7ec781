import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { Succession, type Death } from '#tests/support/crash'
import { FaultGround } from '#tests/support/fault_ground'
import type { Scene } from '#tests/support/fault_scene'
import { ended } from '#tests/support/steps'
import { tenant, type TestTenant } from '#tests/support/world'

export type Inhabitant = { tenant: TestTenant; instance: Instance; home: Scene }
export type Deed = {
  /** What is to be found at the end; anything else fails. */
  ends: 'succeeded' | 'failed'
  /** `run stop before`; one inhabitant dies at each. */
  places: string[]
  /** Where the step fails that has it taken back. */
  failsAt?: string
  order(inhabitant: Inhabitant): Promise<Operation>
  /** What the instance is called while it is done, when that is not its name now. */
  called?(inhabitant: Inhabitant): string
}

/**
 * Instances of as many tenants, that run: what one of them holds while it waits for its death is in nobody's way.
 */
export async function crowd(home: Scene, count: number): Promise<Inhabitant[]> {
  const ordered = []
  for (let number = 1; number <= count; number += 1) {
    const owner = await tenant(`House ${number}`, home)
    await owner.lift()
    ordered.push({ tenant: owner, ...(await owner.order(`house-${number}`)) })
  }
  for (const { tenant: owner, instance, operation } of ordered) {
    await ended(operation)
    await owner.inside(() => instance.refresh())
  }
  return ordered.map(({ tenant: owner, instance }) => ({ tenant: owner, instance, home }))
}

/** What a group of such tests stands on: a scene, so many that live there, and a worker that may die. */
export async function settle<Home extends Scene>(prepare: () => Promise<Home>, count: number) {
  const { variables } = await FaultGround.shared()
  const scene = await prepare()
  const succession = await Succession.begin(variables)
  const leave = async () => {
    await succession.end()
    await scene.close()
  }
  try {
    return { scene, succession, houses: await crowd(scene, count), leave }
  } catch (error) {
    await leave()
    throw error
  }
}

/** Does it to all of them, and nobody dies. */
export async function all(
  inhabitants: Inhabitant[],
  order: (inhabitant: Inhabitant) => Promise<Operation>
): Promise<void> {
  const operations = []
  for (const inhabitant of inhabitants) {
    operations.push(await inhabitant.tenant.inside(() => order(inhabitant)))
  }
  for (const [index, operation] of operations.entries()) {
    await ended(operation)
    const { tenant: owner, instance } = inhabitants[index]!
    await owner.inside(() => instance.refresh())
    if (operation.state !== 'succeeded') throw new Error(`${operation.type}: ${operation.error}`)
  }
}

/**
 * The deed is done to as many as there are places, the worker gets kill -9 when each has come to its own, and another
 * one finishes it. @returns those it was done to, refreshed, with their place
 */
export async function killInDeed(
  succession: Succession,
  inhabitants: Inhabitant[],
  { ends, places, failsAt, order, called }: Deed
): Promise<(Inhabitant & { place: string; operation: Operation })[]> {
  const doomed = places.map((place, index) => ({ place, ...inhabitants[index]! }))
  const deaths = doomed.map((inhabitant): Death<Operation> => {
    const name = called?.(inhabitant) ?? inhabitant.instance.name
    return {
      at: `${name}: ${inhabitant.place}`,
      failsAt: failsAt && `${name}: ${failsAt}`,
      order: () => inhabitant.tenant.inside(() => order(inhabitant)),
    }
  })
  const operations = await succession.dieTogether(deaths)
  const done = []
  for (const [index, inhabitant] of doomed.entries()) {
    const operation = await ended(operations[index]!)
    if (operation.state !== ends) {
      throw new Error(`${inhabitant.place}: ${operation.state}, ${operation.error}`)
    }
    await inhabitant.tenant.inside(() => inhabitant.instance.refresh())
    done.push({ ...inhabitant, operation })
  }
  return done
}
