import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import type { Browser, Page } from 'playwright'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { appUrl } from '#config/app'
import { makeDemoWorld } from '#database/demo/world'
import { FakeCluster } from '#drivers/fake/cluster'
import { clusterTasks } from '#models/cluster_memory'
import Batch from '#models/batch'
import Instance from '#models/instance'
import { issueBillingKey } from '#tests/support/billing'
import { copiesOf } from '#tests/support/copies'
import Cluster from '#models/cluster'
import { Examination } from '#models/examination'
import Invitation from '#models/invitation'
import { openKey } from '#models/operation'
import Organization from '#models/organization'
import Transfer from '#models/transfer'
import User from '#models/user'
import UserToken from '#models/user_token'
import { Tenant } from '#models/concerns/tenant'
import { axeViolations, sidewaysOverflow, smallTargets } from '#tests/support/axe'
import { compare } from '#tests/support/drift'
import { licensing } from '#tests/support/licenses'
import { looks, openWindow, visit, type Look } from '#tests/support/looks'
import { furtherCard } from '#tests/support/networks'
import { PRODUCTION_BUILD, startProductionWeb } from '#tests/support/processes'
import { ROUTES, type RouteSample, type SampleId } from '#tests/support/route_table'
import { nameWithHostility } from '#tests/support/hostile'
import { emptyDatabase } from '#tests/support/test_database'
import { deliveryOf } from '#tests/support/webhooks'
import { portPool } from '#tests/support/world'

/*
| Every page there is, as somebody sees it who may open it: taken from the table of all routes, so that a new
| page is looked at without being named here. Each is opened on a phone and on a desk, and looked at in the
| light and in the dark.
*/

const LONGEST_MS = 600_000
const CLUSTERS = app.tmpPath('test-clusters', `pages-${process.pid}`)
const STAFF = 'admin@portico.example'
const MEMBER = 'owner@acme.example'
const LOOKS: Look[] = [
  { width: 'wide', theme: 'light', language: 'zh-CN' },
  { width: 'phone', theme: 'light', language: 'en' },
]

/** Where people want pictures of every page in every look (`bin/screenshots --all`). */
const PICTURES = process.env.PORTICO_PICTURES

/** Streams, downloads, answers for programs and parts of pages. */
const NO_PAGE =
  /^\/(api|health|metrics)\b|\/(events|search|certificate|points|socket|download|exports\/:list)$/
/** They stand on the page above them, one for each state. */
const IN_EVERY_STATE = ['/instances/:id', '/operations/:id']
/** Lists in which nothing matches. */
const EMPTY_LISTS = [
  '/o/:organization/instances?q=nothing',
  '/o/:organization/operations?state=queued',
  '/admin/instances?q=nothing',
  '/admin/operations?state=queued',
  '/admin/images?q=nothing',
  '/admin/organizations?q=nothing',
  '/admin/users?q=nothing',
]
const NEWCOMERS = ['/o/:newcomer', '/o/:newcomer/instances', '/o/:newcomer/operations']

/** Colours fade into each other; half-way they have less contrast than at the end. */
const DARKEN = `(() => {
  document.documentElement.dataset.theme = 'dark'
  return Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => null)
})()`

type Ground = {
  passwords: Map<string, string>
  samples: Partial<Record<SampleId, string[]>>
  organization: string
  newcomer: string
  /** Pages behind one-time links. */
  links: string[]
  /** What a billing system calls the first instance, its key, and what is done there. */
  billed: { reference: string; apikey: string; operations: string[] }
}

let ground: Ground
let url = appUrl

async function makeGround(): Promise<Ground> {
  const { accounts } = await makeDemoWorld({ lxd: null, folder: CLUSTERS, known: [] })
  await nameWithHostility()
  const member = (await User.findByEmail(MEMBER))!
  const uids = async (table: string, where: Record<string, unknown> = {}) => {
    const rows = await db.from(table).where(where).orderBy('id').select('uid')
    return rows.map(({ uid }) => uid as string)
  }
  const organization = await Organization.findByOrFail('name', 'Acme')
  const own = { organization_id: organization.id }
  const newcomer = await db
    .from('organizations')
    .join('memberships', 'memberships.organization_id', 'organizations.id')
    .where({ user_id: member.id, kind: 'personal' })
    .firstOrFail()
  const { token, invitation } = await Tenant.run(organization.id, () =>
    Invitation.invite(organization, {
      email: 'invited@example.com',
      role: 'viewer',
      invitedBy: member,
    })
  )
  const { grant } = await licensing()
  await strangerIn(await Cluster.query().where('driver', 'fake').firstOrFail())
  const license = await grant(
    { organization, inside: (work) => Tenant.run(organization.id, work) },
    'ACME-DESK'
  )
  const instance = await Tenant.run(organization.id, () =>
    Instance.query().whereNotNull('provisioned_at').whereNull('deleted_at').firstOrFail()
  )
  const copies = await Tenant.run(organization.id, () => copiesOf(instance, member))
  const card = await furtherCard(instance)
  const one = [{ id: instance.id, organization_id: organization.id }]
  const batch = await Tenant.run(organization.id, () =>
    Batch.order(organization, one, { deed: 'stop', by: member })
  )
  const staffBatch = await Tenant.system('test', () =>
    Batch.order(null, one, { deed: 'stop', by: member })
  )
  const { webhook, delivery } = await Tenant.run(organization.id, () =>
    deliveryOf(organization, member)
  )
  const link = (purpose: 'verify_email' | 'change_email' | 'reset_password') =>
    db.transaction((trx) => UserToken.issue(member, purpose, trx, { email: 'new@example.com' }))
  const inside = <T>(work: () => T): T => Tenant.run(organization.id, work)
  await inside(() => instance.merge({ billingReference: 'ser-1' }).save())
  return {
    billed: {
      reference: 'ser-1',
      apikey: await issueBillingKey({ organization, owner: member, inside }),
      operations: (await uids('operations', { instance_id: instance.id })).slice(-1),
    },
    passwords: new Map(accounts.map(({ email, password }) => [email, password])),
    organization: organization.slug,
    newcomer: newcomer.slug,
    links: [
      `/verify-email/${await link('verify_email')}`,
      `/confirm-email/${await link('change_email')}`,
      `/reset-password/${await link('reset_password')}`,
      `/first-administrator/${await UserToken.issueForFirstAdmin()}`,
      `/invitations/${token}`,
    ],
    samples: {
      instance: [
        instance.uid,
        ...(await uids('instances', { ...own, deleted_at: null })).filter(
          (uid) => uid !== instance.uid
        ),
      ],
      operation: await uids('operations', own),
      member: await uids('memberships', own),
      invitation: [invitation.uid],
      event: (await uids('audit_events', own)).slice(-1),
      platformEvent: (await uids('audit_events')).slice(0, 1),
      organization: [organization.uid],
      user: [member.uid],
      cluster: await uids('clusters'),
      node: await uids('nodes'),
      image: await uids('images'),
      plan: await uids('plans'),
      pool: await uids('address_pools'),
      portPool: [(await portPool(await Cluster.firstOrFail())).uid],
      license: [license.uid],
      finding: await uids('drift_findings'),
      clusterTask: await clusterTasksOf(instance),
      batch: [batch.uid],
      staffBatch: [staffBatch.uid],
      snapshot: [copies.snapshot.uid],
      interface: [card.uid],
      backup: [copies.backup.uid],
      transfer: [(await offeredTo(organization)).uid],
      webhook: [webhook.uid],
      delivery: [delivery.uid],
      nobody: ['nobody'],
    },
  }
}

function clusterTasksOf(instance: Instance): Promise<string[]> {
  return Tenant.run(instance.organizationId, async () => {
    await instance.load('cluster')
    const tasks = await clusterTasks(instance, 1)
    return tasks.map(({ id }) => id)
  })
}

/** A difference to look at, and an examination. */
async function strangerIn(cluster: Cluster): Promise<void> {
  const fake = FakeCluster.open(cluster.endpoint)
  fake.add([{ ref: 'made-by-hand' }])
  fake.close()
  await compare(cluster)
  await Tenant.system('test', () => new Examination(cluster).run())
}

/** What somebody else has on offer for it. */
async function offeredTo({ id }: Organization): Promise<Transfer> {
  const row = await db
    .from('instances')
    .whereNull('deleted_at')
    .whereNotNull('provisioned_at')
    .whereNot('organization_id', id)
    .firstOrFail()
  const organizationId = row.organization_id as number
  return Tenant.run(organizationId, () =>
    Transfer.create({
      organizationId,
      instanceId: row.id,
      fromOrganizationId: organizationId,
      toOrganizationId: id,
      openOn: openKey(row.id),
      expiresAt: DateTime.utc().plus({ days: 7 }),
    })
  )
}

const AUDIENCES = ['visitor', 'visit', 'member', 'staff'] as const
type Audience = (typeof AUDIENCES)[number]

/** Who is to look at a route; null when it is no page. */
function audienceOf(pattern: string, { audience: who }: RouteSample): Audience | null {
  if (NO_PAGE.test(pattern) || who === 'token' || who === 'machine') return null
  if (who.startsWith('staff')) return 'staff'
  if (who === 'visit') return 'visit'
  return who === 'anyone' || who === 'visitor' ? 'visitor' : 'member'
}

function pagesFor(audience: Audience): { paths: string[]; unseen: string[] } {
  const paths: string[] = []
  const unseen: string[] = []
  for (const [route, sample] of Object.entries(ROUTES)) {
    const [method, pattern] = route.split(' ') as [string, string]
    if (
      method !== 'GET' ||
      pattern === '/visit/operations/:id' ||
      audienceOf(pattern, sample) !== audience
    )
      continue
    const filled = fill(pattern, sample)
    if (filled.length === 0) unseen.push(pattern)
    paths.push(...filled)
  }
  const area = audience === 'staff' ? /^\/admin/ : /^\/o\//
  const more =
    audience === 'visitor' || audience === 'visit'
      ? []
      : [...EMPTY_LISTS, ...NEWCOMERS].filter((path) => area.test(path))
  paths.push(...more.map(named))
  if (audience === 'visitor') paths.push('/nowhere', ...ground.links)
  if (audience === 'visit') {
    paths.push(...ground.billed.operations.map((uid) => `/visit/operations/${uid}`))
  }
  return { paths: [...new Set(paths)], unseen }
}

function fill(pattern: string, { id = 'nobody' }: RouteSample): string[] {
  const uids = ground.samples[id] ?? []
  const wanted = IN_EVERY_STATE.some((end) => pattern.endsWith(end)) ? uids : uids.slice(0, 1)
  const path = named(pattern)
  // What hangs on an instance or a webhook hangs on the first.
  const whole = path.includes(':id')
    ? path
        .replace(':instance_id', ground.samples.instance![0]!)
        .replace(':webhook_id', ground.samples.webhook![0]!)
    : path
  return wanted.map((uid) => whole.replace(/:\w+/, uid))
}

const named = (path: string) =>
  path.replace(':organization', ground.organization).replace(':newcomer', ground.newcomer)

async function signIn(page: Page, email: string, language: Look['language']): Promise<void> {
  const user = (await User.findByEmail(email))!
  await user.merge({ locale: language }).save()
  await visit(page, `${url}/sign-in`, 'load')
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(ground.passwords.get(email)!)
  await page.locator('form[action="/sign-in"] button[type=submit]').click()
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
}

/** As the billing system's customer does. */
async function comeByLink(page: Page): Promise<void> {
  const { reference, apikey } = ground.billed
  const response = await fetch(`${url}/api/sso`, {
    method: 'POST',
    headers: { apikey, 'content-type': 'application/json' },
    body: JSON.stringify({ hostname: reference }),
  })
  const { data } = (await response.json()) as { data: { url: string } }
  await visit(page, url + new URL(data.url).pathname, 'load')
  await page.waitForURL((address) => address.pathname.startsWith('/visit/'))
}

async function lookAt(page: Page, path: string, width: Look['width']): Promise<string[]> {
  const response = await visit(page, url + path, 'load')
  const found = response!.status() >= 500 ? [`answers ${response!.status()}`] : []
  found.push(...(await axeViolations(page)))
  const sideways = await sidewaysOverflow(page)
  if (sideways > 0) found.push(`scrolls sideways by ${sideways} px`)
  if (width === 'phone') found.push(...(await smallTargets(page)))
  await page.evaluate(DARKEN)
  const inTheDark = await axeViolations(page, ['color-contrast'])
  return [...found, ...inTheDark.map((complaint) => `in the dark: ${complaint}`)]
}

async function enter(browser: Browser, audience: Audience, look: Look) {
  const context = await openWindow(browser, url, look)
  const page = await context.newPage()
  if (audience === 'visit') await comeByLink(page)
  else if (audience !== 'visitor') {
    await signIn(page, audience === 'staff' ? STAFF : MEMBER, look.language)
  }
  return { context, page }
}

async function complaintsOf(browser: Browser, audience: Audience, look: Look): Promise<string[]> {
  const { context, page } = await enter(browser, audience, look)
  const complaints: string[] = []
  for (const path of pagesFor(audience).paths) {
    const found = await lookAt(page, path, look.width)
    complaints.push(...found.map((complaint) => `${path}: ${complaint}`))
  }
  await context.close()
  return complaints
}

async function picture(browser: Browser, audience: Audience, look: Look): Promise<void> {
  const { context, page } = await enter(browser, audience, look)
  for (const path of pagesFor(audience).paths) {
    await visit(page, url + path, 'load')
    const name = path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'home'
    const file = `${name}.${look.width}-${look.theme}-${look.language}.png`
    await page.screenshot({ path: join(PICTURES!, audience, file), fullPage: true })
  }
  await context.close()
}

test.group('Every page', (group) => {
  group.setup(async () => {
    mail.fake()
    await limiter.clear()
    await emptyDatabase()
    ground = await makeGround()
    // Its pages come in a fifth of the time that the sources take.
    const web = PRODUCTION_BUILD ? await startProductionWeb(PRODUCTION_BUILD) : null
    url = web?.url ?? appUrl
    return async () => {
      await web?.process.stop()
      mail.restore()
      await rm(CLUSTERS, { recursive: true, force: true })
    }
  })

  for (const audience of AUDIENCES) {
    for (const look of LOOKS) {
      test(`axe finds nothing and it fits (${audience} ${look.width})`, async ({
        assert,
        browser,
      }) => {
        assert.deepEqual(await complaintsOf(browser, audience, look), [])
      }).timeout(LONGEST_MS)
    }
  }

  if (PICTURES) {
    for (const audience of AUDIENCES) {
      for (const look of looks()) {
        const { width, theme, language } = look
        test(`is pictured (${audience} ${width} ${theme} ${language})`, async ({ browser }) => {
          await picture(browser, audience, look)
        })
          .timeout(LONGEST_MS)
          .tags(['@pictures'])
      }
    }
  }

  test('none is left out', ({ assert }) => {
    assert.deepEqual(
      AUDIENCES.flatMap((audience) => pagesFor(audience).unseen),
      [],
      'give each a sample in makeGround()'
    )
  })
})
