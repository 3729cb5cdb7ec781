import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import redis from '@adonisjs/redis/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import Membership from '#models/membership'
import type Operation from '#models/operation'
import UserSession from '#models/user_session'
import { publish } from '#services/progress'
import { progressHub } from '#services/progress_hub'
import { TestEventSource } from '#tests/support/event_source'
import { Visitor } from '#tests/support/visitor'
import { PASSWORD, finish, world } from '#tests/support/world'

/*
| Over real connections, as browsers hold them. Redis must be there; what happens without it has a test of its
| own at the end.
*/
test.group('Events of an operation', (group) => {
  let opened: TestEventSource[] = []

  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(async () => {
    await limiter.clear()
    opened = []
    return () => {
      for (const source of opened) source.close()
    }
  })

  const follow = async (path: string, cookie: string, lastEventId?: string) => {
    const source = await TestEventSource.open(path, { cookie, lastEventId })
    opened.push(source)
    return source
  }

  async function ground() {
    const { acme, globex } = await world()
    const { operation } = await acme.order('web-1')
    const cookie = (await Visitor.signIn(acme.viewer.email, PASSWORD)).cookies
    const path = `${acme.path}/operations/${operation.uid}/events`
    return { acme, globex, operation, cookie, path }
  }

  const step = (operation: Operation, name: string, state: 'running' | 'done') =>
    publish(operation, { kind: 'step', step: name, state })

  test('what was told before is told first, then what comes, each once and in order', async ({
    assert,
  }) => {
    const { operation, cookie, path } = await ground()
    await step(operation, 'choose_node', 'running')
    await step(operation, 'choose_node', 'done')
    const source = await follow(path, cookie)
    await source.hears(({ state }) => state === 'done')
    await step(operation, 'create', 'running')
    await publish(operation, {
      kind: 'progress',
      step: 'create',
      percent: 42,
      message: 'unpacking',
    })
    const heard = await source.hears(({ kind }) => kind === 'progress')

    assert.equal(source.response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    assert.equal(heard.data.percent, 42)
    assert.include(String(heard.data.text), 'unpacking')
    assert.lengthOf(source.ids, 4)
    assert.deepEqual(source.ids, [...new Set(source.ids)].toSorted())
  })

  test('who comes back hears only what came after the last event it has', async ({ assert }) => {
    const { operation, cookie, path } = await ground()
    for (const name of ['choose_node', 'reserve_address', 'create']) {
      await step(operation, name, 'running')
    }
    const first = await follow(path, cookie)
    await first.hears((data) => data.step === 'create')
    first.close()
    await step(operation, 'start', 'running')

    const second = await follow(path, cookie, first.ids[1])
    await second.hears((data) => data.step === 'start')
    assert.deepEqual(
      second.events.map(({ data }) => data.step),
      ['create', 'start']
    )
  })

  test('nothing is lost or told twice while events rain during the opening', async ({ assert }) => {
    const { operation, cookie, path } = await ground()
    let isRaining = true
    const rain = (async () => {
      for (let percent = 0; isRaining; percent++) {
        await publish(operation, { kind: 'progress', step: 'create', percent, message: null })
      }
    })()
    const sources = await Promise.all(Array.from({ length: 4 }, () => follow(path, cookie)))
    await sources[3]!.hears(({ percent }) => Number(percent) > 40)
    isRaining = false
    await rain
    await publish(operation, { kind: 'cancel_requested' })
    for (const source of sources) {
      await source.hears(({ kind }) => kind === 'cancel_requested')
      const percents = source.events.flatMap(({ data }) =>
        data.kind === 'progress' ? [Number(data.percent)] : []
      )
      const first = percents[0]!
      assert.deepEqual(
        percents,
        percents.map((_, index) => first + index)
      )
    }
  })

  test('it ends after the last state, and does not begin again for who has it all', async ({
    assert,
  }) => {
    const { operation, cookie, path } = await ground()
    const source = await follow(path, cookie)
    await finish(operation)
    await source.hears(({ kind, state }) => kind === 'state' && state === 'succeeded')
    await source.ends(4_500)
    assert.lengthOf(
      source.events.filter(({ data }) => data.state === 'succeeded'),
      1
    )

    const late = await follow(path, cookie, source.ids.at(-1))
    assert.equal(late.status, 204)
    const whole = await follow(path, cookie)
    await whole.ends(2_000)
    assert.lengthOf(
      whole.events.filter(({ data }) => data.state === 'succeeded'),
      1
    )
  })

  test('it ends within 5 s of signing out', async ({ assert }) => {
    const { acme, cookie, path } = await ground()
    const source = await follow(path, cookie)
    const session = await UserSession.query().where('user_id', acme.viewer.id).firstOrFail()
    await session.end()
    assert.isBelow(await source.ends(5_000), 5_000)
  })

  test('it ends within 5 s of losing the membership, for that organization only', async ({
    assert,
  }) => {
    const { acme, globex, cookie, path } = await ground()
    await Membership.create({
      organizationId: globex.organization.id,
      userId: acme.viewer.id,
      role: 'viewer',
    })
    const lost = await follow(path, cookie)
    const kept = await follow(`${globex.path}/events`, cookie)
    await Membership.query()
      .where('organization_id', acme.organization.id)
      .where('user_id', acme.viewer.id)
      .delete()
    assert.isBelow(await lost.ends(5_000), 5_000)
    assert.isFalse(kept.isOver)
  })

  test('it ends within 5 s of the account being disabled', async ({ assert }) => {
    const { acme, cookie, path } = await ground()
    const source = await follow(path, cookie)
    await db
      .from('users')
      .where('id', acme.viewer.id)
      .update({ disabled_at: '2026-01-01 00:00:00' })
    assert.isBelow(await source.ends(5_000), 5_000)
  })

  test('one person follows no more than a fixed number at once', async ({ assert }) => {
    const { cookie, path } = await ground()
    const sources = await Promise.all(Array.from({ length: 22 }, () => follow(path, cookie)))
    assert.lengthOf(
      sources.filter(({ status }) => status === 200),
      20
    )
    assert.lengthOf(
      sources.filter(({ status }) => status === 429),
      2
    )
    sources.find(({ status }) => status === 200)!.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const again = await follow(path, cookie)
    assert.equal(again.status, 200)
  })

  test('however many pages follow, Redis has one subscriber of this process', async ({
    assert,
  }) => {
    const { acme, cookie, path } = await ground()
    await Promise.all([
      ...Array.from({ length: 5 }, () => follow(path, cookie)),
      ...Array.from({ length: 5 }, () => follow(`${acme.path}/events`, cookie)),
    ])
    assert.equal(progressHub.size, 10)
    const clients = String(await redis.client('LIST'))
    const name = /name=portico:progress:(\d+)/g
    const own = [...clients.matchAll(name)].filter(([, pid]) => Number(pid) === process.pid)
    assert.lengthOf(own, 1)
  })

  test('another tenant, and who is signed out, hear nothing', async ({ assert }) => {
    const { globex, path } = await ground()
    const stranger = (await Visitor.signIn(globex.owner.email, PASSWORD)).cookies
    const foreign = await follow(path, stranger)
    assert.equal(foreign.status, 404)
    const nobody = await follow(path, '')
    assert.equal(nobody.status, 302)
  })

  test("a customer is not told the cluster's own words of a failure", async ({ assert }) => {
    const { operation, cookie, path } = await ground()
    await publish(operation, {
      kind: 'retry',
      step: 'create',
      reason: 'dial tcp 10.0.0.5:8443: connect: no route to host',
      atMs: Date.now() + 2_000,
    })
    const source = await follow(path, cookie)
    await source.hears(({ kind }) => kind === 'retry')
    assert.notInclude(JSON.stringify(source.events), '10.0.0.5')
  })

  test('the organization hears of its operations in short, and of an end in words', async ({
    assert,
  }) => {
    const { acme, globex, operation, cookie } = await ground()
    const source = await follow(`${acme.path}/events`, cookie)
    const other = await follow(
      `${globex.path}/events`,
      (await Visitor.signIn(globex.viewer.email, PASSWORD)).cookies
    )
    await finish(operation)
    const { data } = await source.hears(({ state }) => state === 'succeeded')
    assert.equal(data.operation, operation.uid)
    assert.equal(data.running, 0)
    assert.deepInclude(data.toast as object, {
      door: 'lit',
      title: 'Create web-1',
      text: 'Succeeded',
      href: `${acme.path}/operations/${operation.uid}`,
    })
    assert.lengthOf(other.events, 0)
  })

  test('without Redis the row is read, and its end ends the stream', async ({ assert }) => {
    const { operation, cookie, path } = await ground()
    const source = await follow(path, cookie)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const away = progressHub as unknown as { isLive: boolean }
    away.isLive = false
    try {
      await new Promise((resolve) => setTimeout(resolve, 2_200))
      await db
        .from('operations')
        .where('id', operation.id)
        .update({ state: 'running', steps: JSON.stringify([{ name: 'create', state: 'running' }]) })
      await source.hears(({ kind }) => kind === 'changed')
      await db.from('operations').where('id', operation.id).update({ state: 'failed' })
      await source.hears(({ state }) => state === 'failed')
      await source.ends(3_000)
      assert.lengthOf(source.ids, 0)
    } finally {
      away.isLive = true
    }
  })
})
