import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import router from '@adonisjs/core/services/router'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient, ApiResponse } from '@japa/api-client'
import type { FakeCluster } from '#drivers/fake/cluster'
import type Instance from '#models/instance'
import { clusterTasks } from '#models/cluster_memory'
import ApiToken from '#models/api_token'
import AuditEvent from '#models/audit_event'
import Batch from '#models/batch'
import BillingKey from '#models/billing_key'
import Invitation from '#models/invitation'
import Membership from '#models/membership'
import { openKey } from '#models/operation'
import Transfer from '#models/transfer'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { ROLES, STAFF_ROLES, type Role, type StaffRole } from '#models/types'
import { copiesOf } from '#tests/support/copies'
import { deliveryOf } from '#tests/support/webhooks'
import { ROUTES, type Audience, type RouteSample, type SampleId } from '#tests/support/route_table'
import { throttlePublic } from '#start/limiter'
import { issueBillingKey } from '#tests/support/billing'
import { compare, finding } from '#tests/support/drift'
import { writesOf } from '#tests/support/statements'
import { visitTo } from '#tests/support/visits'
import { grantedTo } from '#tests/support/licenses'
import { furtherCard } from '#tests/support/networks'
import { person, portPool, world, type TestTenant } from '#tests/support/world'

/*
| The last net of tenancy: every route, asked for by everybody it is not for, and by the least of those it is
| for. The table says which is which; a route that stands in no table fails.
*/

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Samples = Awaited<ReturnType<typeof samples>>
/** Somebody who is not let in, and what they are answered. */
type Refused = Caller & { who: string; expected: number }
type Caller = { user?: User; token?: string; apikey?: string; visit?: number }

const entries = Object.entries(ROUTES)
const isRole = (audience: Audience): audience is Role => ROLES.includes(audience as Role)
const roleOfToken = (audience: Audience) =>
  ROLES.find((role) => audience === `token ${role}`) ?? null
const rankOf = (audience: Audience) =>
  STAFF_ROLES.find((rank) => audience === `staff ${rank}`) ?? null

async function samples() {
  const { acme, globex, staff, cluster, fake, node, image, plan, pool } = await world()
  const { instance, operation } = await acme.order('web-1')
  const { instance: other } = await acme.order('web-2')
  const ports = await portPool(cluster)
  const copies = await acme.inside(() => copiesOf(instance, acme.owner))
  const { invitation } = await acme.inside(() =>
    Invitation.invite(acme.organization, {
      email: 'invited@example.com',
      role: 'viewer',
      invitedBy: acme.owner,
    })
  )
  const apikey = await issueBillingKey(acme)
  const billingKey = await acme.inside(() => BillingKey.query().firstOrFail())
  const member = await Membership.of(acme.viewer.id, acme.organization.slug)
  const ownerMember = await Membership.of(acme.owner.id, acme.organization.slug)
  const [event] = await acme.inside(() => AuditEvent.query().limit(1))
  await AuditEvent.record({ action: 'user.signed_in', organizationId: null, subject: null })
  const platformEvent = await Tenant.system('test', () =>
    AuditEvent.query().whereNull('organization_id').firstOrFail()
  )
  const one = [{ id: instance.id, organization_id: acme.organization.id }]
  const batch = await acme.inside(() =>
    Batch.order(acme.organization, one, { deed: 'stop', by: acme.owner })
  )
  const staffBatch = await Tenant.system('test', () =>
    Batch.order(null, one, { deed: 'stop', by: acme.owner })
  )
  const { webhook, delivery } = await acme.inside(() => deliveryOf(acme.organization, acme.owner))
  const license = await grantedTo(acme, 'ACME-DESK')
  const transfer = await globex.inside(async () => {
    const { instance: offered } = await globex.order('offered')
    const { organizationId, id: instanceId } = offered
    return Transfer.create({
      organizationId,
      instanceId,
      fromOrganizationId: organizationId,
      toOrganizationId: acme.organization.id,
      openOn: openKey(instanceId),
      expiresAt: DateTime.utc().plus({ days: 7 }),
    })
  })
  fake.add([{ ref: 'by-hand' }])
  await compare(cluster)
  const disabled = await person()
  await Membership.create({
    organizationId: acme.organization.id,
    userId: disabled.id,
    role: 'owner',
  })
  await disabled.merge({ disabledAt: DateTime.utc(), staffRole: 'admin' }).save()
  const card = await furtherCard(instance)
  const ids: Record<SampleId, string> = {
    member: member!.uid,
    ownerMember: ownerMember!.uid,
    invitation: invitation.uid,
    event: event.uid,
    platformEvent: platformEvent.uid,
    organization: acme.organization.uid,
    user: globex.viewer.uid,
    instance: instance.uid,
    operation: operation.uid,
    batch: batch.uid,
    webhook: webhook.uid,
    delivery: delivery.uid,
    list: 'instances',
    staffBatch: staffBatch.uid,
    cluster: cluster.uid,
    node: node.uid,
    image: image.uid,
    plan: plan.uid,
    pool: pool.uid,
    portPool: ports.uid,
    snapshot: copies.snapshot.uid,
    interface: card.uid,
    copySchedule: copies.snapshotSchedule.uid,
    backup: copies.backup.uid,
    backupSchedule: copies.backupSchedule.uid,
    billingKey: billingKey.uid,
    license: license.uid,
    transfer: transfer.uid,
    finding: (await finding(cluster, 'stranger')).uid,
    clusterTask: await clusterTaskOf(acme, instance, fake),
    nobody: 'unobody',
  }
  const ranks = {
    viewer: await staff('viewer'),
    operator: await staff('operator'),
    admin: await staff('admin'),
  } satisfies Record<StaffRole, User>
  return {
    slug: acme.organization.slug,
    ids,
    endpoint: cluster.endpoint,
    members: acme,
    stranger: globex.owner,
    disabled,
    ranks,
    token: await tokenOf(acme.owner),
    visit: await visitTo(instance, billingKey),
    otherVisit: await visitTo(other, billingKey),
    endedVisit: await visitTo(instance, billingKey, { endedAt: DateTime.utc() }),
    apikey,
    tokens: {
      viewer: await tokenOf(acme.viewer),
      operator: await tokenOf(acme.operator),
      admin: await tokenOf(acme.admin),
      owner: await tokenOf(acme.owner),
    } satisfies Record<Role, string>,
    strangersToken: await tokenOf(globex.owner),
    staffToken: await tokenOf(ranks.admin),
    disabledToken: await tokenOf(disabled),
  }
}

/** The cluster has begun to do something with it. */
function clusterTaskOf(
  { inside }: TestTenant,
  instance: Instance,
  fake: FakeCluster
): Promise<string> {
  return inside(async () => {
    await instance.load('cluster')
    fake.add([{ ref: instance.ref, stamp: instance.uid, power: 'stopped' }])
    const driver = await instance.cluster.openDriver()
    await driver.instances.power(instance.ref, 'start')
    await driver.close()
    const [task] = await clusterTasks(instance, 1)
    return task!.id
  })
}

function tokenOf(user: User): Promise<string> {
  return ApiToken.create(user, { name: 'isolation', days: 1 })
}

function addressOf(pattern: string, { id = 'nobody' }: RouteSample, { slug, ids }: Samples) {
  return pattern
    .replace(':organization', slug)
    .replace(':token', 'x'.repeat(43))
    .replaceAll(/:([a-z_]+)/gi, (_, name) => {
      if (name === 'instance_id' && id !== 'nobody') return ids.instance
      return name === 'webhook_id' ? ids.webhook : ids[id]
    })
}

function ask(
  client: ApiClient,
  route: string,
  sample: RouteSample,
  given: Samples,
  by: Caller & { withoutCsrf?: true }
): Promise<ApiResponse> {
  const [method, pattern] = route.split(' ') as [string, string]
  const request = client[method.toLowerCase() as Method](addressOf(pattern, sample, given))
    .accept('json')
    .redirects(0)
  if (!by.withoutCsrf) request.withCsrfToken()
  if (by.user) request.loginAs(by.user)
  if (by.visit) request.withSession({ visit: by.visit })
  if (by.apikey) request.header('apikey', by.apikey)
  if (by.token) request.header('authorization', `Bearer ${by.token}`)
  if (method !== 'GET') request.form((sample.form ?? {}) as never)
  return Promise.resolve(request)
}

/** Everybody who has no business there. */
function refusedAt({ audience, id: addressed }: RouteSample, given: Samples): Refused[] {
  const { members, ranks, stranger, disabled, token, disabledToken, apikey, visit } = given
  const unknown: Refused[] = [
    { who: 'a visitor', expected: 401 },
    { who: 'a disabled owner who is also staff', user: disabled, expected: 401 },
  ]
  const withToken: Refused = { who: "an owner's API token", token, expected: 401 }
  const withVisit: Refused = { who: "a billing system's customer", visit, expected: 401 }
  if (audience === 'person') return [...unknown, withToken, withVisit]
  if (audience === 'visit') {
    const theirs: Refused[] = addressed
      ? [{ who: 'who visits another instance', visit: given.otherVisit, expected: 404 }]
      : []
    return [
      ...unknown,
      withToken,
      ...theirs,
      { who: 'whose visit has ended', visit: given.endedVisit, expected: 401 },
      { who: 'a billing key', apikey, expected: 401 },
      { who: "the instance's own owner", user: members.owner, expected: 401 },
      { who: 'an administrator', user: ranks.admin, expected: 401 },
    ]
  }
  if (audience === 'token') {
    return [
      ...unknown,
      { who: "an owner's session", user: members.owner, expected: 401 },
      { who: "a disabled person's token", token: disabledToken, expected: 401 },
      { who: 'a made-up token', token: `ptc_${'A'.repeat(40)}`, expected: 401 },
    ]
  }
  const ofToken = roleOfToken(audience)
  if (ofToken) {
    return [
      ...refusedAt({ audience: 'token' }, given),
      {
        who: "the token of another organization's owner",
        token: given.strangersToken,
        expected: 404,
      },
      { who: "an administrator's token", token: given.staffToken, expected: 404 },
      ...ROLES.slice(0, ROLES.indexOf(ofToken)).map((role) => ({
        who: `the token of its own ${role}`,
        token: given.tokens[role],
        expected: 403,
      })),
    ]
  }
  if (audience === 'billing key') {
    return [
      ...unknown,
      withToken,
      { who: "an owner's session", user: members.owner, expected: 401 },
      { who: 'a made-up key', apikey: `pbk_${'A'.repeat(43)}`, expected: 401 },
      withVisit,
    ]
  }
  if (isRole(audience)) {
    return [
      { who: 'a billing key', apikey, expected: 401 },
      ...unknown,
      withToken,
      withVisit,
      { who: 'the owner of another organization', user: stranger, expected: 404 },
      ...STAFF_ROLES.map((rank) => ({ who: `staff ${rank}`, user: ranks[rank], expected: 404 })),
      ...ROLES.slice(0, ROLES.indexOf(audience)).map((role) => ({
        who: `its own ${role}`,
        user: members[role],
        expected: 403,
      })),
    ]
  }
  const rank = rankOf(audience)
  if (rank) {
    return [
      ...unknown,
      withToken,
      withVisit,
      { who: 'an owner', user: members.owner, expected: 404 },
      ...STAFF_ROLES.slice(0, STAFF_ROLES.indexOf(rank)).map((lower) => ({
        who: `staff ${lower}`,
        user: ranks[lower],
        expected: 403,
      })),
    ]
  }
  return []
}

/** The least of those who are let in. */
function admitted({ audience }: RouteSample, given: Samples): Caller {
  if (audience === 'visit') return { visit: given.visit }
  if (audience === 'billing key') return { apikey: given.apikey }
  const ofToken = roleOfToken(audience)
  if (ofToken) return { token: given.tokens[ofToken] }
  if (isRole(audience)) return { user: given.members[audience] }
  if (audience === 'person') return { user: given.stranger }
  if (audience === 'token') return { token: given.token }
  const rank = rankOf(audience)
  return rank ? { user: given.ranks[rank] } : {}
}

test.group('Every route', () => {
  test('stands in the table, and nothing else does', ({ assert }) => {
    const routes = Object.values(router.toJSON())
      .flat()
      .map(({ methods, pattern }) => `${methods[0]} ${pattern}`)
    assert.sameMembers(routes, Object.keys(ROUTES))
  })

  test('under an organization is for a role in it, under admin for a rank of the staff', ({
    assert,
  }) => {
    for (const [route, { audience }] of entries) {
      const [, pattern] = route.split(' ')
      assert.equal(pattern.startsWith('/o/:organization'), isRole(audience), route)
      assert.equal(pattern.startsWith('/admin'), rankOf(audience) !== null, route)
    }
  })
})

type Guarded = { route: string; names: string[]; functions: unknown[] }

/** Each route with the middleware that stands before it. */
function guards(): Guarded[] {
  return Object.values(router.toJSON())
    .flat()
    .map(({ methods, pattern, middleware }) => {
      const all = [...middleware.all()]
      return {
        route: `${methods[0]} ${pattern}`,
        names: all.flatMap((one) => (typeof one === 'object' && one.name ? [one.name] : [])),
        functions: all.filter((one) => typeof one === 'function'),
      }
    })
}

/** What opens an account, a cluster or an organization, and what cannot be taken back. */
const GRAVE =
  /^DELETE |^(POST|PUT|PATCH) .*(password|\/email|authenticator|passkeys|recovery-codes|api-tokens|keys|credentials|trust|identity|certificate|members|invitations|staff-role|staff_role|disablement|reinstall)/

/** Of those, what may be done without proving once more who one is, and why. */
const LIGHT: [routes: RegExp, why: string][] = [
  [/\/(closure|offer|archive)$/, 'opens again, or closes, what the next click puts back'],
  [/^DELETE .*\/(other-)?sessions\b/, 'ends what somebody else may be using'],
  [/^DELETE \/account\/(email|(api-tokens|ssh-keys)\/:id)$/, 'closes a door'],
  [/^DELETE \/o\/:organization\/membership$/, 'gives up what is one has oneself'],
  [
    /^POST \/admin\/users\/:id\/password-resets$/,
    'writes to the owner, and tells the staff nothing',
  ],
  [/^POST \/invitations\/:token\/acceptance$/, 'the link is the proof'],
  [/^DELETE \/admin\/jobs\//, 'a job is a nudge, the row is the truth'],
  [/^DELETE \/admin\/instances\/:instance_id\/suspensions\//, 'lets go on what rested'],
  [/^DELETE \/admin\/licenses\/:license_id\/suspension$/, 'lets go on what rested'],
  [/^DELETE \/admin\/host-infos\/:upload_id\/approval$/, 'leaves the host that is bound'],
  [/^DELETE \/visit$/, 'goes away'],
  [/^DELETE .*\/port-forwards\b/, 'a forward is made anew as quickly'],
  [/^DELETE .*\/(snapshot|backup)-schedules\//, 'what it made stays'],
  [/^DELETE \/admin\/drift\/:finding_id\/forgetting$/, 'tells again what was forgotten'],
]

/** Begun by looking: the page shows the secret it made, which opens nothing before its first code is given. */
const BEGINS = [
  'GET /account/authenticator',
  // … and who took a list along is written down.
  'GET /o/:organization/exports/:list',
  'GET /admin/exports/:list',
]

test.group('Guards', () => {
  test('whoever does what is grave proves once more who they are', ({ assert }) => {
    const unguarded = guards()
      .filter(({ route, names }) => GRAVE.test(route) && !names.includes('confirmed'))
      .map(({ route }) => route)
      // A key or token has nothing more to prove than itself.
      .filter((route) => !route.includes(' /api/'))
      .filter((route) => !['anyone', 'visitor'].includes(ROUTES[route]!.audience))
    const isLight = (route: string) => LIGHT.some(([routes]) => routes.test(route))
    assert.deepEqual(
      unguarded.filter((route) => !isLight(route)),
      []
    )
  })

  test('every form and link that is open to strangers counts how often they come', ({ assert }) => {
    const open = guards().filter(({ route }) => {
      const isOpen = ['anyone', 'visitor'].includes(ROUTES[route]?.audience ?? '')
      return isOpen && (!route.startsWith('GET ') || route.includes(':token'))
    })
    assert.isNotEmpty(open)
    const uncounted = open.filter(({ functions }) => !functions.includes(throttlePublic))
    assert.deepEqual(
      uncounted.map(({ route }) => route),
      ['POST /preferences', 'POST /sign-out']
    )
  })
})

test.group('Closed', (group) => {
  let given: Samples
  group.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.setup(async () => {
    given = await samples()
  })
  group.each.setup(() => limiter.clear(['memory']))

  for (const [route, sample] of entries) {
    if (['anyone', 'visitor', 'machine'].includes(sample.audience)) continue
    test(`${route} to everybody less than ${sample.audience}`, async ({ client, assert }) => {
      const answers: Record<string, number> = {}
      const expected: Record<string, number> = {}
      for (const refused of refusedAt(sample, given)) {
        const response = await ask(client, route, sample, given, refused)
        answers[refused.who] = response.status()
        expected[refused.who] = refused.expected
        assert.notInclude(response.text(), given.ids.event, refused.who)
      }
      assert.deepEqual(answers, expected)
    })
  }

  for (const [route, sample] of entries) {
    if (route.startsWith('GET ') || /^(token|billing key|machine)/.test(sample.audience)) continue
    test(`${route} without the token of a form`, async ({ client, assert }) => {
      const by = { ...admitted(sample, given), withoutCsrf: true } as const
      const response = await ask(client, route, sample, given, by)
      assert.deepEqual([response.status(), response.body().error?.code], [403, 'E_PAGE_EXPIRED'])
    })
  }
})

test.group('Open', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear(['memory']))
  group.each.setup(() => {
    mail.fake()
    return () => mail.restore()
  })

  for (const [route, sample] of entries) {
    if (sample.stream || sample.audience === 'machine') continue
    test(`${route} to ${sample.audience}`, async ({ client, assert }) => {
      const given = await samples()
      let response!: ApiResponse
      const writes = await writesOf(async () => {
        response = await ask(client, route, sample, given, admitted(sample, given))
      })
      // A link that somebody was sent, or an image on a foreign page, must not be able to do anything.
      // Only billing systems know no better than to say by GET what they want; a key stands before that.
      const isRead = route.startsWith('GET ') && sample.audience !== 'billing key'
      if (isRead && !BEGINS.includes(route)) assert.deepEqual(writes, [])
      // Where a cluster stands is nobody's business but the staff's.
      const told = response.text() + JSON.stringify(response.headers())
      if (!rankOf(sample.audience)) assert.notInclude(told, given.endpoint)
      if (sample.answers) assert.equal(response.status(), sample.answers)
      else assert.include([200, 201, 202, 204, 302, 409, 422], response.status())
    })
  }
})
