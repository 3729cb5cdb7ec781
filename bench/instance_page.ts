/* How fast an instance's pages are with the samples of a year behind the charts, and while their cluster does
   not answer; and how soon a browser shows what a real LXD has known. */
import { percentile, Portal } from './support/portal.js'
import { median, PRODUCTION, withPortico } from './support/app.js'

const PASSWORD = 'bench pass phrase of some length'
const NODE = Number(process.env.PORTICO_BENCH_LXD_NODE ?? 1)
const ADDRESSES: [number, number] = [200, 209]
const WARM_UP = 40
const MEASURED = 200
const TURNS = 10
const INSTANCES = 200

await withPortico(async () => {
  const { foundFleet, fill } = await import('./support/fleet.js')
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const fleet = await foundFleet(1, PASSWORD)
  const [organization] = fleet.organizations
  await fill(fleet, INSTANCES, () => organization!)
  const instance = await db.from('instances').where('power_state', 'running').firstOrFail()
  await yearOf(db, instance.id)
  const path = `/o/${organization!.slug}/instances/${instance.uid}`

  const portal = await Portal.start('server')
  try {
    await portal.signIn(fleet.owner.email, PASSWORD)
    const alive = await latencies(portal, path)
    // Its address leads nowhere, and the sync has noticed.
    await db
      .from('clusters')
      .where('id', fleet.cluster.id)
      .update({ endpoint: 'fake:tmp/gone.sqlite', status: 'offline', error_kind: 'timeout' })
    const dead = await latencies(portal, path)
    const status = await statusTimes(portal, fleet.owner, organization!)
    return {
      p50Ms: tenths(percentile(alive, 0.5)),
      p95Ms: tenths(percentile(alive, 0.95)),
      deadP95Ms: tenths(percentile(dead, 0.95)),
      statusMs: Math.round(median(status)),
      slowestStatusMs: Math.round(Math.max(...status)),
    }
  } finally {
    await portal.stop()
  }
})

type Database = typeof import('@adonisjs/lucid/services/db').default

/** One sample for every span that is kept. */
async function yearOf(db: Database, instanceId: number): Promise<void> {
  const { SAMPLE_LINES } = await import('#models/usage_samples')
  const { chunked } = await import('#models/concerns/sql')
  const [meterId] = await db.table('meters').insert({ instance_id: instanceId })
  const now = Math.floor(Date.now() / 1_000)
  for (const { table, step, keep } of SAMPLE_LINES) {
    const rows = Array.from({ length: Math.floor(keep / step) }, (_, index) => ({
      meter_id: Number(meterId),
      at: now - (now % step) - index * step,
      readings: step / 60,
      seconds: step,
      cpu_ms: step * (200 + (index % 300)),
      memory_mib: (step / 60) * (300 + (index % 200)),
      disk_mib: (step / 60) * 2_048,
      received_bytes: step * (1_000 + (index % 7_000)),
      sent_bytes: step * (2_000 + (index % 9_000)),
    }))
    for (const chunk of chunked(rows)) await db.table(table).multiInsert(chunk)
  }
  await db.rawQuery('analyze table usage_minutes, usage_fives, usage_hours')
}

/** Its overview, its charts of a day and of a year, and the points of an open page, in turns; one at a time. */
async function latencies(portal: Portal, path: string): Promise<number[]> {
  const pages = ['', '/usage', '/usage?range=year', '/usage/points?range=year']
  const times: number[] = []
  for (let number = -WARM_UP; number < MEASURED; number++) {
    const page = pages[Math.abs(number) % pages.length]!
    const from = performance.now()
    const { status } = await portal.get(path + page)
    if (status !== 200) throw new Error(`${page} was answered with ${status}`)
    if (number >= 0) times.push(performance.now() - from)
  }
  return times
}

/** From the moment LXD has stopped or started it, behind Portico's back, until the open page says so. */
async function statusTimes(
  portal: Portal,
  owner: import('#models/user').default,
  organization: import('#models/organization').default
): Promise<number[]> {
  const { default: Instance } = await import('#models/instance')
  const { Tenant } = await import('#models/concerns/tenant')
  const { LxdLabNode } = await import('#tests/support/lxd_lab')
  const { lxdCluster } = await import('#tests/support/lxd_world')
  const { launchChromium } = await import('#tests/support/chromium')
  const { PRODUCTION_BUILD, startWorker, until } = await import('#tests/support/processes')
  const { at } = await import('#drivers/lxd/client')

  const node = await LxdLabNode.find(NODE)
  if (!node) throw new Error(`LXD node ${NODE} does not run; start it with tests/labs/lxd/lxd-up`)
  const { image, plan } = await lxdCluster(node, ADDRESSES)
  const worker = await startWorker(PRODUCTION, PRODUCTION_BUILD)
  const client = node.client()
  const browser = await launchChromium()
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization.id, work)
  const { instance } = await inside(() =>
    Instance.order(organization, {
      name: 'live',
      plan,
      image,
      rootPassword: 'bench-Passw0rd',
      sshKeys: [],
      requestedBy: owner,
    })
  )
  try {
    await until(
      'the instance runs',
      async () => {
        await inside(() => instance.refresh())
        return instance.phase === 'running'
      },
      60_000
    )
    const context = await browser.newContext()
    const cookies = portal.cookie.split('; ').map((cookie) => {
      const [name, ...value] = cookie.split('=')
      return { name: name!, value: value.join('='), url: portal.url }
    })
    await context.addCookies(cookies)
    const page = await context.newPage()
    await page.goto(`${portal.url}/o/${organization.slug}/instances/${instance.uid}`)
    const times: number[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      const action = turn % 2 ? 'start' : 'stop'
      const { operationId } = await client.request('PUT', at('instances', instance.ref, 'state'), {
        body: { json: { action, force: true, timeout: 30 } },
      })
      await client.get(at('operations', operationId!, 'wait'), {
        query: { timeout: '60' },
        timeoutMs: 70_000,
      })
      const from = performance.now()
      await page
        .locator('#instance-head')
        .getByText(action === 'start' ? 'Running' : 'Stopped', { exact: true })
        .first()
        .waitFor({ timeout: 30_000 })
      times.push(performance.now() - from)
    }
    return times
  } finally {
    await browser.close()
    const deletion = await inside(() => instance.destroy(owner))
    await until(
      'it is removed',
      async () => {
        await inside(() => deletion.refresh())
        return deletion.isFinal
      },
      60_000
    )
    client.close()
    await worker.stop()
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
