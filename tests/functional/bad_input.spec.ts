import { test } from '@japa/runner'
import ace from '@adonisjs/core/services/ace'
import limiter from '@adonisjs/limiter/services/main'
import db from '@adonisjs/lucid/services/db'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import ApiToken from '#models/api_token'
import { LOCALES, type Locale } from '#config/i18n'
import { issueBillingKey } from '#tests/support/billing'
import { portPool, world } from '#tests/support/world'
import { textsOf } from '#tests/support/texts'

/*
| The same bad values at every door: the browser's form, /api/v1, the billing API and the command line. Each names the
| field, in the language of who asks, and nothing is touched.
*/
const TABLES = [
  'instances',
  'operations',
  'port_forwards',
  'snapshots',
  'copy_schedules',
  'ssh_keys',
  'address_pools',
  'clusters',
  'users',
  'billing_keys',
  'one_time_secrets',
]

type Ground = Awaited<ReturnType<typeof ground>>
type Asked = { path: string; body: Record<string, unknown>; field: string }
type Case = {
  what: string
  value: unknown
  /** Sent by a member; those of /admin by staff. */
  form?: (ground: Ground, value: unknown) => Asked
  v1?: (ground: Ground, value: unknown) => Asked
  billing?: (ground: Ground, value: unknown) => Asked
  command?: (value: unknown) => { name: string; args: string[]; field: string }
}

async function ground() {
  const scene = await world()
  const { acme, cluster, image, plan } = scene
  await portPool(cluster)
  const web = await acme.instance('web-1')
  await acme.inside(() => web.merge({ billingReference: 'ser1' }).save())
  const order = {
    name: 'web-2',
    image: image.uid,
    plan: plan.uid,
    password_choice: 'own',
    password: 'a long enough password',
  }
  const billed = {
    hostname: 'ser2',
    password: 'secret-8x',
    cpus: 1,
    memory: '512MB',
    disk: '1GB',
    image: 'Debian 12',
  }
  const forward = { protocol: 'tcp', target_port: '80', port: '20100' }
  const schedule = { rhythm: 'daily', keep: '7', hour: '3', weekday: '1' }
  const pool = {
    cluster: cluster.uid,
    name: 'more',
    cidr: '10.98.0.0/24',
    gateway: '10.98.0.1',
    network: 'lxdbr0',
    nameservers: '1.1.1.1',
    addresses: '10.98.0.10-10.98.0.20',
    exclusions: '',
  }
  return {
    ...scene,
    order,
    billed,
    forward,
    schedule,
    pool,
    page: `${acme.path}/instances`,
    one: `${acme.path}/instances/${web.uid}`,
    instances: `/api/v1/organizations/${acme.organization.slug}/instances`,
    resource: `/api/v1/organizations/${acme.organization.slug}/instances/${web.uid}`,
  }
}

const creates = (word: string, billedWord: string | null): Omit<Case, 'what' | 'value'> => ({
  form: ({ page, order }, value) => ({
    path: page,
    body: { ...order, [word]: value },
    field: word,
  }),
  v1: ({ instances, order }, value) => ({
    path: instances,
    body: { ...order, [word]: value },
    field: word,
  }),
  ...(billedWord && {
    billing: ({ billed }: Ground, value: unknown) => ({
      path: '/api/create',
      body: { ...billed, [billedWord]: value },
      field: billedWord,
    }),
  }),
})

const forwards = (word: string, billedWord: string): Omit<Case, 'what' | 'value'> => ({
  form: ({ one, forward }, value) => ({
    path: `${one}/port-forwards`,
    body: { ...forward, [word]: value },
    field: word,
  }),
  v1: ({ resource, forward }, value) => ({
    path: `${resource}/port_forwards`,
    body: { ...forward, [word]: value },
    field: word,
  }),
  billing: (_, value) => ({
    path: '/api/addport',
    body: { hostname: 'ser1', dtype: 'tcp', dport: '20100', sport: '80', [billedWord]: value },
    field: billedWord,
  }),
})

const keys: Omit<Case, 'what' | 'value'> = {
  form: ({ one }, value) => ({
    path: `${one}/ssh-keys`,
    body: { ssh_keys: value },
    field: 'ssh_keys',
  }),
  v1: ({ resource }, value) => ({
    path: `${resource}/ssh_keys`,
    body: { ssh_keys: value },
    field: 'ssh_keys',
  }),
}

const schedules = (word: string): Omit<Case, 'what' | 'value'> => ({
  form: ({ one, schedule }, value) => ({
    path: `${one}/snapshot-schedules`,
    body: { ...schedule, [word]: value },
    field: word,
  }),
  v1: ({ resource, schedule }, value) => ({
    path: `${resource}/snapshot_schedules`,
    body: { ...schedule, [word]: value },
    field: word,
  }),
})

const pools = (word: string): Omit<Case, 'what' | 'value'> => ({
  form: ({ pool }, value) => ({
    path: '/admin/address-pools',
    body: { ...pool, [word]: value },
    field: word,
  }),
})

const names: Omit<Case, 'what' | 'value'> = {
  ...creates('name', 'hostname'),
  command: (value) => ({
    name: 'cluster:add',
    args: [`--json`, String(value), 'https://10.0.0.5:8443'],
    field: 'name',
  }),
}

const CASES: Case[] = [
  { what: 'a name for a shell', value: 'web-1;$(reboot)', ...creates('name', 'hostname') },
  { what: 'a name for a template', value: '{{ 7*7 }}', ...creates('name', 'hostname') },
  { what: 'a name of two lines', value: 'web\nroot:x', ...names },
  { what: 'a name for a terminal', value: 'web\u001b[2J', ...names },
  { what: 'a name turned around', value: 'web\u202egnp', ...names },
  { what: 'a name that is too long', value: 'a'.repeat(400), ...names },
  { what: 'no port', value: '0', ...forwards('port', 'dport') },
  { what: 'a port beyond the last', value: '65536', ...forwards('port', 'dport') },
  { what: 'a port in hexadecimal', value: '0x16', ...forwards('port', 'dport') },
  {
    what: 'a port with a rule behind it',
    value: '22 -j DNAT',
    ...forwards('target_port', 'sport'),
  },
  { what: 'a protocol that there is not', value: 'icmp', ...forwards('protocol', 'dtype') },
  { what: 'a network with bits behind its prefix', value: '10.98.0.1/24', ...pools('cidr') },
  { what: 'a prefix that is too long', value: '10.98.0.0/33', ...pools('cidr') },
  { what: 'a gateway elsewhere', value: '10.97.0.1', ...pools('gateway') },
  { what: 'an image that is not offered', value: 'nosuchimage', ...creates('image', 'image') },
  { what: 'an image for a path', value: '../../etc/passwd', ...creates('image', 'image') },
  { what: 'a password that is too short', value: 'x', ...creates('password', 'password') },
  {
    what: 'a password of two lines',
    value: 'long enough\nroot:x',
    ...creates('password', 'password'),
  },
  { what: 'a plan that there is not', value: 'nosuchplan', ...creates('plan', null) },
  {
    what: 'a size with a fraction',
    value: '1.5',
    billing: ({ billed }, value) => ({
      path: '/api/create',
      body: { ...billed, cpus: value },
      field: 'cpus',
    }),
  },
  {
    what: 'a size without a unit that is known',
    value: '5 parsecs',
    billing: ({ billed }, value) => ({
      path: '/api/resize',
      body: { ...billed, hostname: 'ser1', memory: value },
      field: 'memory',
    }),
  },
  { what: 'a private key', value: '-----BEGIN OPENSSH PRIVATE KEY-----', ...keys },
  { what: 'a key with a command', value: 'command="id" ssh-ed25519 AAAA', ...keys },
  { what: 'an hour after the last', value: '24', ...schedules('hour') },
  { what: 'a rhythm that there is not', value: '* * * * *', ...schedules('rhythm') },
  { what: 'copies without number', value: 'all', ...schedules('keep') },
  {
    what: 'an address that is none',
    value: 'ada@\u202eexample.com',
    command: (value) => ({
      name: 'user:create',
      args: [`--email=${String(value)}`],
      field: 'email',
    }),
  },
]

async function rows(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of TABLES) {
    const { total } = await db.from(table).count('* as total').firstOrFail()
    counts[table] = Number(total)
  }
  return counts
}

const label = (locale: Locale, field: string) =>
  textsOf(locale)[`validator.shared.fields.${field}`]!

test.group('Bad input', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.teardown(() => ace.ui.switchMode('normal'))

  test('{what} is refused at every door, which names the field and touches nothing')
    .with(CASES)
    .run(async ({ client, assert }, { value, form, v1, billing, command }) => {
      const scene = await ground()
      const { acme } = scene
      const admin = await scene.staff('admin')
      const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
      const apikey = await issueBillingKey(acme)
      // Staff choose of the networks that a cluster told of.
      if (form?.(scene, value).path.startsWith('/admin/')) await scene.cluster.sync()
      const before = await rows()
      for (const locale of LOCALES) {
        if (form) {
          const asked = form(scene, value)
          const who = asked.path.startsWith('/admin') ? admin : acme.owner
          await who.merge({ locale }).save()
          const told = await byForm(client, asked, who)
          assert.deepEqual(Object.keys(told), [asked.field])
          assert.equal(told[asked.field]!.length, 1)
          speaks(told[asked.field]![0]!, locale)
        }
        if (v1) {
          const asked = v1(scene, value)
          const answer = await client
            .post(asked.path)
            .bearerToken(token)
            .header('accept-language', locale)
            .json(asked.body)
          assert.include([409, 422], answer.status())
          const { field, errors = [], detail } = answer.body()
          assert.deepEqual(field ? [field] : fieldsOf(errors), [asked.field])
          speaks(errors[0]?.detail ?? detail, locale)
        }
        if (billing) {
          const asked = billing(scene, value)
          const answer = await client
            .post(asked.path)
            .header('apikey', apikey)
            .header('accept-language', locale)
            .json(asked.body)
          assert.notEqual(answer.body().code, 200)
          assert.isNull(answer.body().data)
          assert.include(answer.body().msg.toLowerCase(), label(locale, asked.field).toLowerCase())
          speaks(answer.body().msg, locale)
        }
      }
      if (command) {
        const { name, args, field } = command(value)
        ace.ui.switchMode('raw')
        const ran = await ace.exec(name, args)
        const said = ran.ui.logger.getLogs().map(({ message }) => message)
        assert.equal(ran.exitCode, 1)
        assert.match(said.join('\n'), new RegExp(field, 'i'))
      }
      assert.deepEqual(await rows(), before)
    })

  async function byForm(client: ApiClient, { path, body }: Asked, who: Ground['acme']['owner']) {
    const answer = await client.post(path).form(body).loginAs(who).withCsrfToken().redirects(0)
    answer.assertStatus(302)
    return (answer.flashMessage('inputErrorsBag') ?? {}) as Record<string, string[]>
  }

  function fieldsOf(errors: { field: string }[]): string[] {
    return [...new Set(errors.map(({ field }) => field))]
  }

  function speaks(message: string, locale: Locale) {
    const isChinese = /\p{Script=Han}/u.test(message)
    if (isChinese !== (locale === 'zh-CN')) throw new Error(`${locale} is told: ${message}`)
    if (/\b(?:validator|errors|billing)\.[\w.]+/.test(message)) throw new Error(message)
  }

  test('what a person types in the hand of a Chinese keyboard is taken for what it means', async ({
    client,
    assert,
  }) => {
    const scene = await ground()
    const { acme, resource, forward } = scene
    const token = await ApiToken.create(acme.owner, { name: 'robot', days: 1 })
    const answer = await client
      .post(`${resource}/port_forwards`)
      .bearerToken(token)
      .json({
        ...forward,
        target_port: ' ８０８０－８０８１ ',
        port: ' ２０，１００ ',
        note: '  商店 👨‍👩‍👧 ',
      })
    answer.assertStatus(202)
    const [made] = answer.body().data.port_forwards
    assert.equal(made.first_port, 20_100)
    assert.equal(made.note, '商店 👨‍👩‍👧')
  })
})
