/* A hundred creates of a billing system at once, each sent three times: how many containers that makes, and how
   many answers are wrong; then ten times three on a real LXD. */
import { PRODUCTION, withPortico } from './support/app.js'
import { Portal } from './support/portal.js'
import { orderOf, Seller } from './support/seller.js'

const ORDERS = 100
const LXD_ORDERS = 10
const TIMES = 3
const NODE = Number(process.env.PORTICO_BENCH_LXD_NODE ?? 1)
const ADDRESSES: [number, number] = [210, 229]

await withPortico(async () => {
  const { LxdLabNode } = await import('#tests/support/lxd_lab')
  const { lxdCluster } = await import('#tests/support/lxd_world')
  const { issueBillingKey } = await import('#tests/support/billing')
  const { world } = await import('#tests/support/world')
  const { PRODUCTION_BUILD, startWorker } = await import('#tests/support/processes')
  const { default: Instance } = await import('#models/instance')

  const { acme, cluster, fake, image } = await world()
  await acme.lift()
  const node = await LxdLabNode.find(NODE)
  if (!node) throw new Error(`LXD node ${NODE} does not run; start it with tests/labs/lxd/lxd-up`)
  const lxd = await lxdCluster(node, ADDRESSES)
  const portal = await Portal.start('server', ORDERS * TIMES)
  const worker = await startWorker({ ...PRODUCTION, WORKER_CONCURRENCY: '20' }, PRODUCTION_BUILD)
  const livingIn = (clusterId: number) =>
    acme.inside(() => Instance.query().where({ clusterId }).whereNotNull('live_billing_reference'))
  const namesOf = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
  try {
    const seller = new Seller(portal, await issueBillingKey(acme, { clusters: [cluster] }))
    const orders = namesOf(ORDERS, 'ser').map((name) => orderOf(name, image.name))
    const from = performance.now()
    const wrongAnswers = await seller.burst(orders, TIMES)
    const tookMs = Math.round(performance.now() - from)
    const instances = await livingIn(cluster.id)

    const onLxd = new Seller(portal, await issueBillingKey(acme, { clusters: [lxd.cluster] }))
    const lxdNames = namesOf(LXD_ORDERS, 'lxd')
    const lxdWrongAnswers = await onLxd.burst(
      lxdNames.map((name) => orderOf(name, lxd.image.name)),
      TIMES
    )
    const client = node.client()
    const ours = await livingIn(lxd.cluster.id)
    const { metadata } = await client.get('/1.0/instances')
    const there = (metadata as string[]).map((path) => path.split('/').at(-1)!)
    const made = ours.filter(({ ref }) => there.includes(ref))
    const removed = lxdNames.map((hostname) => onLxd.ask('GET', `/api/delete?hostname=${hostname}`))
    await Promise.all(removed)
    client.close()
    return {
      instances: instances.length,
      duplicates: fake.count() - ORDERS + duplicatesAmong(instances),
      wrongAnswers: wrongAnswers + lxdWrongAnswers,
      tookMs,
      lxdInstances: made.length,
      lxdDuplicates: duplicatesAmong(ours) + (ours.length - made.length),
    }
  } finally {
    await worker.stop()
    await portal.stop()
  }
})

/** More than one of a name that the billing system sold once. */
function duplicatesAmong(instances: { billingReference: string | null }[]): number {
  return instances.length - new Set(instances.map((each) => each.billingReference)).size
}
