import { test } from '@japa/runner'
import type { PollOptions, RemoteTask, TaskStatus } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { settle, WaitLonger } from '#drivers/settle'

const TASK: RemoteTask = { id: 'task-1', ref: 'pt-1', wanted: { is: 'running' } }
const RUNNING: TaskStatus = { state: 'running' }
const SUCCEEDED: TaskStatus = { state: 'succeeded' }

/** A driver that gives these answers in turn, and the last one for ever. */
function driverThatAnswers(...answers: (TaskStatus | (() => Promise<TaskStatus>))[]) {
  const asked: { task: RemoteTask; options?: PollOptions; at: number }[] = []
  return {
    asked,
    async poll(task: RemoteTask, options?: PollOptions) {
      asked.push({ task, options, at: performance.now() })
      const answer = answers[Math.min(asked.length, answers.length) - 1]
      return typeof answer === 'function' ? answer() : answer
    },
  }
}

function after(ms: number, status: TaskStatus) {
  return () => new Promise<TaskStatus>((resolve) => setTimeout(resolve, ms, status))
}

test.group('settle', () => {
  test('a task that is over is asked for once', async ({ assert }) => {
    const driver = driverThatAnswers(SUCCEEDED)
    await settle(driver, TASK)
    assert.lengthOf(driver.asked, 1)
    assert.equal(driver.asked[0].task, TASK)
  })

  test('a task that runs is asked for until it is over, with pauses that grow', async ({
    assert,
  }) => {
    const driver = driverThatAnswers(RUNNING, RUNNING, RUNNING, SUCCEEDED)
    await settle(driver, TASK, { pollMs: 20 })
    const [first, second, third, fourth] = driver.asked.map(({ at }) => at)
    assert.isAtLeast(second - first, 18)
    assert.isAtLeast(third - second, 28)
    assert.isAtLeast(fourth - third, 43)
  })

  test('a driver that held its answer back is asked again at once', async ({ assert }) => {
    let quickest = Infinity
    // A busy machine holds one back now and then, and not always.
    for (let attempt = 1; attempt <= 5 && quickest >= 1_000; attempt++) {
      const driver = driverThatAnswers(after(600, RUNNING), SUCCEEDED)
      const startedAt = performance.now()
      await settle(driver, TASK, { pollMs: 500 })
      quickest = Math.min(quickest, performance.now() - startedAt)
    }
    assert.isBelow(quickest, 1_000)
  })

  test('a driver may hold its answer back for a second, never beyond the wait', async ({
    assert,
  }) => {
    const patient = driverThatAnswers(SUCCEEDED)
    await settle(patient, TASK)
    assert.deepEqual(patient.asked[0].options, { waitMs: 1_000 })
    const hasty = driverThatAnswers(SUCCEEDED)
    await settle(hasty, TASK, { holdMs: 200 })
    assert.isAtMost(hasty.asked[0].options!.waitMs!, 200)
  })

  test('a failed task throws its reason, as task_failed when the driver knows no better', async ({
    assert,
  }) => {
    const driver = driverThatAnswers({ state: 'failed', reason: 'no kernel' })
    await assert.rejects(() => settle(driver, TASK), 'no kernel')
    await settle(driver, TASK).catch((error: DriverError) => {
      assert.instanceOf(error, DriverError)
      assert.equal(error.kind, 'task_failed')
      assert.isFalse(error.retryable)
    })
  })

  test('a failed task keeps the kind the driver told', async ({ assert }) => {
    const driver = driverThatAnswers({ state: 'failed', reason: 'forgotten', kind: 'task_lost' })
    const error = await settle(driver, TASK).catch((caught: DriverError) => caught)
    assert.include(error, { kind: 'task_lost' })
    assert.isTrue((error as DriverError).retryable)
  })

  test('an error of the driver passes as it is', async ({ assert }) => {
    const away = new DriverError('unreachable', 'nobody there')
    const driver = driverThatAnswers(() => Promise.reject(away))
    const caught = await settle(driver, TASK).catch((error: Error) => error)
    assert.equal(caught, away)
  })

  test('each step of progress is told, and awaited', async ({ assert }) => {
    const driver = driverThatAnswers(
      { state: 'running', percent: 10 },
      { state: 'running', percent: 70, message: 'unpacking' },
      SUCCEEDED
    )
    const told: unknown[] = []
    await settle(driver, TASK, {
      pollMs: 1,
      onProgress: async ({ percent, message }) => {
        await Promise.resolve()
        told.push([percent, message])
      },
    })
    assert.deepEqual(told, [
      [10, undefined],
      [70, 'unpacking'],
    ])
  })

  test('a task that outlasts the wait asks to be looked at later', async ({ assert }) => {
    const driver = driverThatAnswers(RUNNING)
    const error = await settle(driver, TASK, { holdMs: 60, pollMs: 20 }).catch(
      (caught: Error) => caught
    )
    assert.instanceOf(error, WaitLonger)
    assert.isAbove((error as WaitLonger).ms, 0)
    assert.isAtLeast(driver.asked.length, 2)
  })

  test('a task that is over at the last look is over, not late', async () => {
    await settle(driverThatAnswers(SUCCEEDED), TASK, { holdMs: 0 })
  })

  test('a stop is heard before the first look and in the pause', async ({ assert }) => {
    const reason = new Error('shutting down')
    const driver = driverThatAnswers(RUNNING)
    const stopped = settle(driver, TASK, { signal: AbortSignal.abort(reason) })
    await assert.rejects(() => stopped, 'shutting down')
    assert.isEmpty(driver.asked)

    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 30)
    const startedAt = performance.now()
    await assert.rejects(() => settle(driver, TASK, { signal: controller.signal, pollMs: 60_000 }))
    assert.isBelow(performance.now() - startedAt, 25_000)
  })
})
