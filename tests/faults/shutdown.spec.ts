import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { CrashingWorker } from '#tests/support/crash'
import { TestEventSource } from '#tests/support/event_source'
import { FaultGround, missingForWebs, missingPrograms } from '#tests/support/fault_ground'
import { assertWhole, fakeScene } from '#tests/support/fault_scene'
import { startWorker, until } from '#tests/support/processes'
import { ended, reread } from '#tests/support/steps'
import { Visitor } from '#tests/support/visitor'
import { PASSWORD, ROOT_PASSWORD } from '#tests/support/world'

/** Nobody reads their mind: neither the sweep nor a heart that stands still may be what helps. */
const PATIENT = { OPERATION_STALE_MS: '60000', OPERATION_SWEEP_MS: '60000' }

test.group('A web process that is told to end', (group) => {
  const missing = missingForWebs()
  group.each.skip(missing !== null, missing ?? '')

  test('answers what it has begun, ends its streams, takes nothing new, and is gone', async ({
    assert,
  }) => {
    const ground = await FaultGround.shared()
    const { acme, image, plan } = await fakeScene()
    const web = await ground.web({ SHUTDOWN_DELAY_MS: '700' })
    const visitor = await Visitor.signIn(acme.owner.email, PASSWORD, web.url)
    const stream = await TestEventSource.open(`${acme.path}/events`, {
      cookie: visitor.cookies,
      web: web.url,
    })
    assert.equal(stream.status, 200)
    const order = await begin(
      `${web.url}${acme.path}/instances`,
      visitor.cookies,
      visitor.form({
        name: 'begun-before',
        image: image.uid,
        plan: plan.uid,
        password_choice: 'own',
        password: ROOT_PASSWORD,
      })
    )

    const from = Date.now()
    web.process.kill('SIGTERM')
    await until('a balancer is told to look elsewhere', async () => {
      const { status } = await fetch(`${web.url}/health/ready`)
      return status === 503
    })
    await stream.ends(1_000)
    await until('nobody listens any more', async () => !(await isListening(web.url)))
    assert.isFalse(web.process.hasEnded, 'it waits for the request it has begun')

    const answer = await order.end()
    assert.equal(answer.statusCode, 302)
    const row = await db.from('instances').where('name', 'begun-before').firstOrFail()
    const operation = await db.from('operations').where('instance_id', row.id).firstOrFail()
    assert.equal(answer.headers.location, `${acme.path}/operations/${operation.uid}`)
    assert.deepEqual(await web.process.ended, { code: 0, signal: null }, web.process.output)
    assert.isBelow(Date.now() - from, 10_000)
    assert.notInclude(web.process.output, 'would not close')
  })

  test('is gone at once when nobody is there', async ({ assert }) => {
    const ground = await FaultGround.shared()
    const web = await ground.web()
    const from = Date.now()
    assert.deepEqual(await web.process.stop(), { code: 0, signal: null })
    assert.isBelow(Date.now() - from, 15_000)
    assert.notInclude(web.process.output, 'would not close')
  })

  test('… also while Redis and MariaDB are away', async ({ assert }) => {
    const ground = await FaultGround.shared()
    const { acme } = await fakeScene()
    const web = await ground.web()
    const visitor = await Visitor.signIn(acme.owner.email, PASSWORD, web.url)
    await visitor.read(web.url, `${acme.path}/instances`)
    ground.killRedis()
    ground.killDatabase()
    try {
      assert.deepEqual(await web.process.stop(), { code: 0, signal: null }, web.process.output)
    } finally {
      await ground.startDatabase()
      await ground.startRedis()
    }
  })
})

test.group('A worker that is told to end', (group) => {
  const missing = missingPrograms()
  group.each.skip(missing !== null, missing ?? '')

  test('in the middle of a step, hands it over: another one goes on from there', async ({
    assert,
    cleanup,
  }) => {
    const { variables } = await FaultGround.shared()
    const scene = await fakeScene({ createMs: 800 })
    const first = await CrashingWorker.start({ ...variables, ...PATIENT })
    const { reached, goOn } = await first.stopAt('web-1: run create begun')
    const { operation } = await scene.acme.order('web-1')
    await reached
    const [chosen] = (await reread(operation)).steps
    const second = await startWorker({ ...variables, ...PATIENT })
    cleanup(async () => {
      await second.die()
    })

    const from = Date.now()
    const stopping = first.stop()
    goOn()
    assert.deepEqual(await stopping, { code: 0, signal: null }, first.output)
    await ended(operation)
    assert.isBelow(Date.now() - from, 30_000)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    assert.equal(operation.attempt, 2, 'two have run it')
    assert.deepEqual(operation.steps[0], chosen, 'what was done was not done again')
    await assertWhole(assert, scene)
  })

  test('is gone at once when it has nothing to do', async ({ assert }) => {
    const { variables } = await FaultGround.shared()
    const worker = await startWorker(variables)
    const from = Date.now()
    assert.deepEqual(await worker.stop(), { code: 0, signal: null }, worker.output)
    assert.isBelow(Date.now() - from, 15_000)
    assert.notInclude(worker.output, 'would not close')
  })

  test('… also while Redis and MariaDB are away', async ({ assert }) => {
    const ground = await FaultGround.shared()
    const worker = await startWorker(ground.variables)
    ground.killRedis()
    ground.killDatabase()
    try {
      await sleep(300)
      assert.deepEqual(await worker.stop(), { code: 0, signal: null }, worker.output)
    } finally {
      await ground.startDatabase()
      await ground.startRedis()
    }
  })
})

/** Sends a form by half: the server has begun with it and cannot answer yet. */
async function begin(url: string, cookie: string, form: URLSearchParams) {
  const body = Buffer.from(form.toString())
  const half = Math.floor(body.length / 2)
  const sending = request(url, {
    method: 'POST',
    headers: {
      cookie,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
    },
  })
  await new Promise((resolve) => sending.write(body.subarray(0, half), resolve))
  // On its way through the loopback interface.
  await sleep(100)
  return {
    async end(): Promise<IncomingMessage> {
      sending.end(body.subarray(half))
      const [response] = await once(sending, 'response')
      return response.resume()
    },
  }
}

async function isListening(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/health/live`, { headers: { connection: 'close' } })
    return true
  } catch {
    return false
  }
}
