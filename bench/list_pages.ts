/*
| The list of instances with 10,000 and with 100,000 of them, one page at a time and twenty.
| In 200 organizations, on MariaDB and a fake cluster; how fast a create is accepted, and what memory the web takes.
*/
import type { Fleet } from './support/fleet.js'
import { withPortico } from './support/app.js'
import { load } from './support/load.js'
import { percentile, Portal, tokenIn } from './support/portal.js'

const ORGANIZATIONS = 200
/** In each organization but the first, which has all the others. */
const IN_OTHERS = 20
const PASSWORD = 'bench pass phrase of some length'
const WARM_UP = 300
const MEASURED = 1_000
const PAGES_COUNTED = 200
const ACCEPTED = 200
const LOAD_SECONDS = 15
const IN_FLIGHT = 20

const TARGETS = {
  p95Ms10k: 40,
  growth: 1.5,
  queries: 6,
  clusterCalls: 0,
  pagesPerSecond: 250,
  acceptP95Ms: 60,
  webRssMb: 300,
}

await withPortico(async () => {
  const { foundFleet, fill } = await import('./support/fleet.js')
  const fleet = await foundFleet(ORGANIZATIONS, PASSWORD)
  const [first, ...others] = fleet.organizations
  const path = `/o/${first!.slug}/instances`
  await fill(fleet, others.length * IN_OTHERS, (index) => others[index % others.length]!)
  await fill(fleet, 10_000 - fleet.instances, () => first!)

  const one = await Portal.start('server')
  await one.signIn(fleet.owner.email, PASSWORD)
  const small = await latencies(one, path)
  const { queries, clusterCalls } = await costOfPages(one, path)
  say(`10,000: p50 ${small.p50} ms, p95 ${small.p95} ms, ${queries} statements`)

  await fill(fleet, 90_000, () => first!)
  const large = await latencies(one, path)
  say(`100,000: p50 ${large.p50} ms, p95 ${large.p95} ms`)
  const afterOne = Math.max(...one.residentMb)
  await one.stop()

  const both = await Portal.start('cluster', IN_FLIGHT)
  await both.signIn(fleet.owner.email, PASSWORD)
  await pagesWithin(both, path, 5)
  const pagesPerSecond = await pagesWithin(both, path, LOAD_SECONDS)
  say(`${IN_FLIGHT} in flight: ${pagesPerSecond} pages/s`)
  // Last, since every page shows what is being created.
  const acceptP95Ms = await acceptedWithin(both, fleet, path)
  say(`accepting a create: p95 ${acceptP95Ms} ms`)
  const webRssMb = Math.max(afterOne, ...both.residentMb)
  await both.stop()

  const figures = {
    p50Ms10k: small.p50,
    p95Ms10k: small.p95,
    p95Ms100k: large.p95,
    queries,
    clusterCalls,
    pagesPerSecond,
    acceptP95Ms,
    webRssMb,
  }
  for (const miss of missed(figures)) say(`MISSED: ${miss}`)
  return figures
})

/** One request at a time. */
async function latencies(portal: Portal, path: string): Promise<{ p50: number; p95: number }> {
  for (let number = 0; number < WARM_UP; number++) await page(portal, path)
  const times: number[] = []
  for (let number = 0; number < MEASURED; number++) {
    const from = performance.now()
    await page(portal, path)
    times.push(performance.now() - from)
  }
  return { p50: tenths(percentile(times, 0.5)), p95: tenths(percentile(times, 0.95)) }
}

async function page(portal: Portal, path: string): Promise<void> {
  const { status, body } = await portal.get(path)
  const rows = body.match(/<td class="lead">/g)?.length
  if (status !== 200 || rows !== 50)
    throw new Error(`a page of ${rows} rows, answered with ${status}`)
}

/** What the database was asked for a page, and whether a cluster was called. */
async function costOfPages(portal: Portal, path: string) {
  const asking = await statementsDuring(async () => {})
  const called = await clusterCallsSoFar(portal)
  const statements = await statementsDuring(async () => {
    for (let number = 0; number < PAGES_COUNTED; number++) await page(portal, path)
  })
  return {
    queries: tenths((statements - asking) / PAGES_COUNTED),
    clusterCalls: (await clusterCallsSoFar(portal)) - called,
  }
}

/** By the server's own count, with what asking for it costs; nobody else works on it. */
async function statementsDuring(work: () => Promise<void>): Promise<number> {
  const before = await statementsSoFar()
  await work()
  return (await statementsSoFar()) - before
}

async function statementsSoFar(): Promise<number> {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const [[row]] = await db.rawQuery("show global status like 'Questions'")
  return Number(row.Value)
}

async function clusterCallsSoFar(portal: Portal): Promise<number> {
  const { body } = await portal.get('/metrics')
  const name = 'portico_cluster_call_duration_seconds'
  if (!body.includes(`# TYPE ${name} `)) throw new Error('calls of clusters are not counted')
  const lines = body.matchAll(new RegExp(`^${name}_count\\S* (\\d+)`, 'gm'))
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** From the click to the answer that leads to the operation. */
async function acceptedWithin(portal: Portal, fleet: Fleet, path: string): Promise<number> {
  const form = await portal.get(`${path}/create`)
  const order = (number: number) => ({
    _csrf: tokenIn(form.body),
    name: `ordered-${number}`,
    image: fleet.image.uid,
    plan: fleet.plan.uid,
    password_choice: 'generated',
    request_key: `bench-order-${number}`,
  })
  const times: number[] = []
  for (let number = 0; number < ACCEPTED + 20; number++) {
    const from = performance.now()
    const { status, headers } = await portal.post(path, order(number))
    if (number >= 20) times.push(performance.now() - from)
    if (status !== 302 || !headers.location?.includes('/operations/')) {
      throw new Error(`a create was answered with ${status} ${headers.location}`)
    }
  }
  return tenths(percentile(times, 0.95))
}

async function pagesWithin(portal: Portal, path: string, seconds: number): Promise<number> {
  const headers = { accept: 'text/html', cookie: portal.cookie }
  const wanted = { inFlight: IN_FLIGHT, seconds, expected: '<td class="lead">' }
  const { perSecond } = await load(portal.url, [{ method: 'GET', path, headers }], wanted)
  return perSecond
}

function missed(figures: Record<string, number>): string[] {
  const growth = figures.p95Ms100k! / figures.p95Ms10k!
  return [
    figures.p95Ms10k! > TARGETS.p95Ms10k && `p95Ms10k above ${TARGETS.p95Ms10k}`,
    growth > TARGETS.growth && `100,000 cost ${growth.toFixed(2)} times what 10,000 do`,
    figures.queries! > TARGETS.queries && `more than ${TARGETS.queries} statements`,
    figures.clusterCalls! > TARGETS.clusterCalls && 'a cluster was called',
    figures.pagesPerSecond! < TARGETS.pagesPerSecond && `below ${TARGETS.pagesPerSecond} pages/s`,
    figures.acceptP95Ms! > TARGETS.acceptP95Ms && `acceptP95Ms above ${TARGETS.acceptP95Ms}`,
    figures.webRssMb! > TARGETS.webRssMb && `webRssMb above ${TARGETS.webRssMb}`,
  ].filter((miss) => typeof miss === 'string')
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
