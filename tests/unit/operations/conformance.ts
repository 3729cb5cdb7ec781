import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import type { Group, TestContext } from '@japa/runner/core'
import { DriverError } from '#drivers/errors'
import { Tenant } from '#models/concerns/tenant'
import type Operation from '#models/operation'
import type { OperationType } from '#models/types'
import { operations } from '#operations/index'
import { gate, makeStale, reread, runOnce, useDefinition, watchSteps } from '#tests/support/steps'
import { emptyDatabase } from '#tests/support/test_database'
import { finish } from '#tests/support/world'

/** What the suite has to be told of an operation. `Scene`: whatever its world holds. */
export type OperationUnderTest<Scene> = {
  type: OperationType
  /** A world in which it can be asked for; made anew for every case. */
  scene(): Promise<Scene>
  open(scene: Scene): Promise<Operation>
  /** What must hold when it has succeeded, however often a step ran and whoever ran it. */
  done(scene: Scene, assert: Assert): Promise<void>
  /** What must hold when it was taken back: as if nobody had asked. Left out where it goes on until it is done. */
  undone?(scene: Scene, assert: Assert): Promise<void>
}

/**
 * What every operation must stand: it runs, a step that is repeated does no harm, what fails is taken back, and
 * a runner that is killed at any edge of a step is followed by another one.
 */
export function operationConformance<Scene>(
  group: Group,
  subject: OperationUnderTest<Scene>
): void {
  const { type } = subject
  const { steps } = operations[type]
  const names = steps.map(({ name }) => name)
  const returns = steps.findIndex(({ goesOn }) => operations[type].goesOn || goesOn)
  const [takenBack, goesOn] =
    returns < 0 ? [names, []] : [names.slice(0, returns), names.slice(returns)]

  group.each.teardown(() => emptyDatabase())

  const begin = async () => {
    const scene = await subject.scene()
    return { scene, operation: await subject.open(scene) }
  }

  const assertDone = async (scene: Scene, operation: Operation, assert: Assert) => {
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.isNull(operation.openOn)
    await subject.done(scene, assert)
  }

  test('it runs to its end', async ({ assert }) => {
    const { scene, operation } = await begin()
    await finish(operation)
    await assertDone(scene, operation, assert)
    assert.sameDeepOrderedMembers(
      operation.steps.map(({ name, state }) => ({ name, state })),
      names.map((name) => ({ name, state: 'done' as const }))
    )
  })

  test('a step that runs twice does no more than one that runs once', async ({
    assert,
    cleanup,
  }) => {
    const { scene, operation } = await begin()
    useDefinition(cleanup, type, (definition) => ({
      steps: definition.steps.map((step) => ({
        ...step,
        run: async (context) => {
          await step.run(context)
          await step.run(context)
        },
      })),
    }))
    await finish(operation)
    await assertDone(scene, operation, assert)
  })

  test('a runner that is killed at "{$self}" is followed by one that finishes')
    .with(names.flatMap((name) => [`run ${name} before`, `run ${name} after`]))
    .run(async ({ assert, cleanup }, edge) => {
      const { scene, operation } = await begin()
      const bury = await killAt(edge, operation, cleanup)
      await makeStale(operation)
      await finish(operation)
      await assertDone(scene, operation, assert)
      await bury()
      await subject.done(scene, assert)
    })

  if (goesOn.length > 0) {
    test('a failure of "{$self}" waits for a person, who lets it go on')
      .with(goesOn)
      .run(async ({ assert, cleanup }, step) => {
        const { scene, operation } = await begin()
        const repaired = failAfter(step, operation, cleanup)
        await finish(operation)
        assert.equal(operation.state, 'needs_attention')
        assert.isNotNull(operation.openOn)
        repaired()
        await Tenant.run(operation.organizationId, () => operation.resume())
        await finish(operation)
        await assertDone(scene, operation, assert)
      })
  }
  if (takenBack.length === 0) return

  test('a failure of "{$self}" takes back what was done, twice without harm')
    .with(takenBack)
    .run(async ({ assert, cleanup }, step) => {
      const { scene, operation } = await begin()
      failAfter(step, operation, cleanup)
      useDefinition(cleanup, type, (definition) => ({
        steps: definition.steps.map(({ undo, ...rest }) => ({
          ...rest,
          ...(undo && {
            undo: async (context) => {
              await undo(context)
              await undo(context)
            },
          }),
        })),
      }))
      await finish(operation)
      assert.equal(operation.state, 'failed')
      assert.equal(operation.failedStep, step)
      assert.isNull(operation.openOn)
      await subject.undone!(scene, assert)
    })
}

type Cleanup = TestContext['cleanup']

/**
 * Runs until the edge is reached and does nothing more, as a process that is killed. Call what it returns when
 * the heir is done: what is left of the runner ends there.
 */
async function killAt(edge: string, operation: Operation, cleanup: Cleanup) {
  const [reached, over] = [gate(), gate()]
  let isDead = false
  watchSteps(cleanup, operation.type, async (point) => {
    if (isDead || point !== edge) return
    isDead = true
    reached.open()
    await over.opened
    throw new Error('killed')
  })
  const run = runOnce(operation)
  await Promise.race([reached.opened, run])
  await reread(operation)
  return async () => {
    over.open()
    await run
  }
}

/** The step does its work, and then fails for good. Call what it returns to put an end to that. */
function failAfter(step: string, { type }: Operation, cleanup: Cleanup): () => void {
  let isBroken = true
  watchSteps(cleanup, type, (point) => {
    if (isBroken && point === `run ${step} after`) throw new DriverError('invalid', 'for the test')
  })
  return () => {
    isBroken = false
  }
}
