import { DateTime } from 'luxon'
import { SignJWT } from 'jose'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import { appUrl } from '#config/app'
import { visitLimits, visitLinkKey } from '#config/visits'
import BillingKey from '#models/billing_key'
import type Instance from '#models/instance'
import { sqlTime } from '#models/concerns/sql'
import Visit from '#models/visit'
import type { VisitPage } from '#models/types'
import { issueBillingKey } from '#tests/support/billing'
import { ConsoleClient } from '#tests/support/console_client'
import { TestEventSource } from '#tests/support/event_source'
import { until } from '#tests/support/processes'
import { emptyDatabase } from '#tests/support/test_database'
import { Visitor } from '#tests/support/visitor'
import { finish, world, type TestTenant } from '#tests/support/world'

/** Rights that are gone are noticed within five seconds; what else runs on the machine may add to it. */
const SOON_MS = 20_000

async function ground() {
  const built = await world()
  const { acme } = built
  const instance = await acme.instance('web-1')
  const apikey = await issueBillingKey(acme, { name: 'Shop' })
  const [key] = await acme.inside(() => BillingKey.listOf(acme.organization))
  await acme.inside(() => key!.load('organization'))
  await acme.inside(() => instance.merge({ billingReference: 'ser-1' }).save())
  const invite = (page: VisitPage = 'overview') =>
    acme.inside(() => Visit.invite(key!, instance, page))
  const home = `/visit/instances/${instance.uid}`
  return { ...built, instance, apikey, key: key!, invite, home }
}

const pathOf = (link: string) => new URL(link).pathname

/** What a browser gets that brings these cookies. */
async function look(visitor: Visitor, path: string, more: Record<string, string> = {}) {
  const response = await fetch(appUrl + path, {
    headers: { cookie: visitor.cookies, accept: 'text/html', ...more },
    redirect: 'manual',
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

/** Opens a link with the form behind it, in a browser of its own. */
async function opens(link: string): Promise<boolean> {
  return Visitor.byLink(link).then(
    () => true,
    () => false
  )
}

test.group('Visits, over a database that others use as well', (group) => {
  // Not in a transaction: two come at once.
  group.each.teardown(() => emptyDatabase())
  group.each.setup(() => limiter.clear())

  test('of several who open a link at once one gets in', async ({ assert }) => {
    const { invite } = await ground()
    const link = await invite()
    const answers = await Promise.all(Array.from({ length: 5 }, () => opens(link)))
    assert.lengthOf(
      answers.filter((isIn) => isIn),
      1
    )
    assert.isFalse(await opens(link))
  })
})

test.group('Visits', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(async () => {
    await limiter.clear()
    const limits = { ...visitLimits }
    return () => void Object.assign(visitLimits, limits)
  })

  test('a key gets a link for one instance and one page, good for a minute', async ({
    client,
    assert,
  }) => {
    const { apikey, home } = await ground()
    const response = await client
      .post('/api/sso')
      .header('apikey', apikey)
      .json({ hostname: 'ser-1', page: 'console' })
    response.assertBodyContains({ code: 200, data: { expires_in: 60 } })
    const { url } = response.body().data
    assert.isTrue(url.startsWith(`${appUrl}/visits/`))
    const visitor = await Visitor.byLink(url)
    const { status, text } = await look(visitor, `${home}/console`)
    assert.equal(status, 200)
    assert.include(text, 'web-1')
  })

  test('only looking at a link does not use it up, and its answer keeps it from others', async ({
    assert,
  }) => {
    const { invite, home } = await ground()
    const link = await invite()
    for (let times = 0; times < 2; times += 1) {
      const response = await fetch(link, { redirect: 'manual' })
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.include(await response.text(), 'web-1')
    }
    const visitor = await Visitor.byLink(link)
    const again = await look(visitor, pathOf(link))
    assert.deepEqual([again.status, again.headers.get('location')], [302, home])
  })

  for (const { language, words } of [
    { language: 'en', words: 'This way is closed' },
    { language: 'zh-CN', words: '此路已关闭' },
  ]) {
    test(`a link that was used is told of in ${language}`, async ({ assert }) => {
      const { invite } = await ground()
      const link = await invite()
      await Visitor.byLink(link)
      const answer = await fetch(link, { headers: { 'accept-language': language } })
      assert.equal(answer.status, 410)
      assert.include(await answer.text(), words)
    })
  }

  test('a link that is a minute old opens nothing', async ({ assert }) => {
    const { invite } = await ground()
    visitLimits.linkMs = -1_000
    assert.isFalse(await opens(await invite()))
  })

  test('a link is for this portal, for this use, and signed', async ({ assert }) => {
    const { invite } = await ground()
    const link = await invite()
    const token = pathOf(link).split('/').at(-1)!
    const { sub, jti } = JSON.parse(atob(token.split('.')[1]!.replaceAll(/[-_]/g, '')))
    const forge = (audience: string, typ: string, key = visitLinkKey) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer(appUrl)
        .setAudience(audience)
        .setSubject(sub)
        .setJti(jti)
        .setExpirationTime('1 minute')
        .sign(key)
    const here = `${appUrl}/visits`
    const forged = [
      await forge('https://other.example/visits', 'visit+jwt'),
      await forge(here, 'JWT'),
      await forge(here, 'visit+jwt', new Uint8Array(32)),
      `${token.slice(0, -2)}AA`,
      'x'.repeat(43),
    ]
    for (const each of forged) assert.isFalse(await opens(`${here}/${each}`), each)
    assert.isTrue(await opens(`${here}/${await forge(here, 'visit+jwt')}`))
  })

  test('of a link only a digest is kept, and nothing once it was used', async ({ assert }) => {
    const { invite } = await ground()
    const link = await invite()
    const secrets = async () => (await db.from('visits').select('*')).map((row) => row.link_hash)
    const [hash] = await secrets()
    assert.lengthOf(String(hash), 64)
    assert.notInclude(link, String(hash))
    await Visitor.byLink(link)
    assert.deepEqual(await secrets(), [null])
  })

  test('sees the one instance, and nobody else of its organization', async ({ assert }) => {
    const { acme, invite, home } = await ground()
    const other = await acme.instance('web-2')
    const visitor = await Visitor.byLink(await invite())
    for (const tab of ['', '/usage', '/port-forwards', '/snapshots', '/access', '/history']) {
      const { status, text } = await look(visitor, home + tab)
      assert.equal(status, 200, tab)
      for (const hidden of [acme.organization.slug, 'Acme', acme.owner.email, 'web-2']) {
        assert.notInclude(text, hidden, `${tab} ${hidden}`)
      }
      assert.notInclude(text, acme.owner.displayName, tab)
    }
    const elsewhere = [`/visit/instances/${other.uid}`, `${home}/backups`, `${home}/settings`]
    for (const path of elsewhere) assert.equal((await look(visitor, path)).status, 404, path)
    const inside = [acme.path, `${acme.path}/instances/${other.uid}`, '/account', '/admin']
    for (const path of inside) {
      const { status, headers } = await look(visitor, path)
      assert.deepEqual([status, headers.get('location')], [302, '/sign-in'], path)
    }
  })

  test('runs the instance in the name of the key', async ({ assert }) => {
    const { acme, instance, invite, home } = await ground()
    const visitor = await Visitor.byLink(await invite())
    const answer = await visitor.submit(appUrl, `${home}/power_state`, { action: 'stop' })
    const operation = await acme.inside(() =>
      instance.related('operations').query().orderBy('id', 'desc').firstOrFail()
    )
    assert.equal(operation.type, 'instance.power')
    assert.isNull(operation.requestedById)
    assert.equal(answer.headers.get('location'), `/visit/operations/${operation.uid}`)
    await finish(operation)
    const { status, text } = await look(visitor, `/visit/operations/${operation.uid}`)
    assert.equal(status, 200)
    assert.include(text, `${home}"`)
    const actors = await db
      .from('audit_events')
      .where('organization_id', acme.organization.id)
      .whereIn('action', ['visit.invited', 'visit.opened', 'instance.power_requested'])
      .orderBy('position')
      .select('action', 'actor_kind', 'actor_label', 'subject_label')
    assert.deepEqual(
      actors.map((row) => [row.action, row.actor_kind, row.subject_label]),
      ['visit.invited', 'visit.opened', 'instance.power_requested'].map((action) => [
        action,
        'billing_key',
        'web-1',
      ])
    )
    for (const { actor_label: label } of actors) assert.match(label, /^Shop \(pbk_/)
  })

  test("an operation of another instance is nobody's business", async ({ assert }) => {
    const { acme, invite } = await ground()
    const { operation } = await acme.order('web-2')
    const visitor = await Visitor.byLink(await invite())
    const path = `/visit/operations/${operation.uid}`
    assert.equal((await look(visitor, path)).status, 404)
    assert.equal((await look(visitor, `${path}/events`)).status, 404)
  })

  type Scene = { acme: TestTenant; instance: Instance; key: BillingKey; visitor: Visitor }
  const ends: { what: string; ending: string; end(scene: Scene): Promise<unknown> }[] = [
    {
      what: 'revoking its key',
      ending: 'signed_out',
      end: ({ acme, key }) => acme.inside(() => key.revoke()),
    },
    {
      what: 'the end of its key after a rotation',
      ending: 'signed_out',
      end: async ({ acme, key }) => {
        await acme.inside(() => key.rotate(1, acme.owner))
        const past = sqlTime(DateTime.utc().minus({ minutes: 1 }))
        await db.from('billing_keys').where('id', key.id).update({ expires_at: past })
      },
    },
    {
      what: 'a suspension',
      ending: 'suspended',
      end: ({ acme, instance }) => acme.inside(() => instance.suspend('billing', { by: null })),
    },
    {
      what: 'ordering its deletion',
      ending: 'gone',
      end: ({ acme, instance }) => acme.inside(() => instance.destroy(null)),
    },
    {
      what: 'half an hour without use',
      ending: 'signed_out',
      end: () =>
        db
          .from('visits')
          .update({ last_seen_at: sqlTime(DateTime.utc().minus(visitLimits.idleMs + 1_000)) }),
    },
    {
      what: 'its longest time',
      ending: 'signed_out',
      end: () =>
        db.from('visits').update({ expires_at: sqlTime(DateTime.utc().minus({ seconds: 1 })) }),
    },
    {
      what: 'leaving',
      ending: 'signed_out',
      end: ({ visitor }) => visitor.submit(appUrl, '/visit?_method=DELETE', {}),
    },
  ]
  for (const { what, ending, end } of ends) {
    test(`${what} ends it, and its console soon afterwards`, async ({ assert }) => {
      const { acme, instance, key, invite, home } = await ground()
      const visitor = await Visitor.byLink(await invite())
      const ticket = await ConsoleClient.ticket(visitor, home)
      const wish = { cookies: visitor.cookies, ticket }
      const client = await ConsoleClient.opened(home, wish)
      await client.shows(/~# $/)
      client.type('stty size\r')
      await client.shows(/\b24 80\b/)
      await end({ acme, instance, key, visitor })
      assert.equal(await client.closes(SOON_MS), ending)
      const { status, text } = await look(visitor, home, { 'accept-language': 'en' })
      assert.equal(status, 401)
      assert.include(text, 'Open your server again')
      await until('the end is written down', async () => {
        const row = await db
          .from('audit_events')
          .where({ action: 'console.closed', actor_kind: 'billing_key' })
          .first()
        return Boolean(row)
      })
    })
  }

  test('another organization that takes the instance over is not visited', async ({ assert }) => {
    const { acme, globex, instance, invite, home } = await ground()
    const visitor = await Visitor.byLink(await invite())
    await db.from('quota_holdings').where('organization_id', acme.organization.id).delete()
    await db
      .from('instances')
      .where('id', instance.id)
      .update({ organization_id: globex.organization.id })
    assert.equal((await look(visitor, home)).status, 401)
  })

  test('a stream of events ends with it', async ({ assert }) => {
    const { acme, key, invite } = await ground()
    const visitor = await Visitor.byLink(await invite())
    const operation = await acme.inside(async () => {
      const instance = await acme.organization.related('instances').query().firstOrFail()
      return instance.power('stop', null)
    })
    const path = `/visit/operations/${operation.uid}/events`
    const stream = await TestEventSource.open(path, { cookie: visitor.cookies })
    assert.equal(stream.status, 200)
    await acme.inside(() => key.revoke())
    assert.isBelow(await stream.ends(SOON_MS), SOON_MS)
  })

  test('for what is grave the link has to be fresh', async ({ assert }) => {
    const { invite, home } = await ground()
    const visitor = await Visitor.byLink(await invite())
    const asks = () =>
      visitor.submit(appUrl, `${home}/password_resets`, { password_choice: 'generated' })
    visitLimits.confirmedMs = -1_000
    assert.equal((await asks()).status, 403)
    visitLimits.confirmedMs = 60_000
    const answer = await asks()
    assert.match(answer.headers.get('location') ?? '', /^\/visit\/operations\//)
  })

  test('whoever is suspended gets no link, and only a page that exists is a page', async ({
    client,
    assert,
  }) => {
    const { acme, instance, apikey } = await ground()
    const ask = (page: string) =>
      client.post('/api/sso').header('apikey', apikey).json({ hostname: 'ser-1', page })
    assert.equal((await ask('members')).body().code, 400)
    await acme.inside(() => instance.suspend('billing', { by: null }))
    const { code, data } = (await ask('console')).body()
    assert.notEqual(code, 200)
    assert.isNull(data)
    assert.lengthOf(await db.from('visits').select('id'), 0)
  })

  test('what nobody needs any more is forgotten', async ({ assert }) => {
    const { invite } = await ground()
    await invite()
    const opened = await invite()
    await Visitor.byLink(opened)
    const past = sqlTime(DateTime.utc().minus({ hours: 2 }))
    await db.from('visits').update({ link_expires_at: past })
    await Visit.forgetOld()
    assert.lengthOf(await db.from('visits').select('id'), 1)
  })
})
