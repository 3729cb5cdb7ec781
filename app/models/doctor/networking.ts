import { outside } from '#config/doctor'
import type { ComputeDriver, NetworkHealth } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { ForwarderProblem, PortForwarder } from '#forwarders/contract'
import AddressPool from '#models/address_pool'
import type Cluster from '#models/cluster'
import ClusterForwarder from '#models/cluster_forwarder'
import { compareForwards } from '#models/forward_reconciler'
import type Instance from '#models/instance'
import Organization from '#models/organization'
import PortForward from '#models/port_forward'
import PortPool from '#models/port_pool'
import { percentOf, verdict, type Verdict } from '#models/doctor/verdict'
import { Tenant } from '#models/concerns/tenant'
import { within } from '#models/concerns/within'

/** Percent of a pool's addresses that are leased. */
const ADDRESSES_SHORT = 90
/** Longest wait for the machine that carries forwards. */
const CHECK_MS = 20_000

/** The networks that address pools are plugged into. */
export async function networks(cluster: Cluster, driver: ComputeDriver): Promise<Verdict[]> {
  const pools = await openPools(cluster)
  const names = [...new Set(pools.map(({ network }) => network))]
  if (!driver.doctor) return names.map((name) => verdict('network_unknown', {}, name))
  const health = await driver.doctor.networks(names)
  return health.map((network) => networkVerdict(network, pools))
}

function networkVerdict(network: NetworkHealth, pools: AddressPool[]): Verdict {
  const { name, isThere, isUp, addresses: carried } = network
  if (!isThere) return verdict('network_fail_missing', {}, name)
  if (isUp === false) return verdict('network_fail_down', {}, name)
  const astray = pools.find(
    (pool) => pool.network === name && pool.gateway && !carried.includes(pool.gateway)
  )
  // A bridge without an address of its own has its gateway elsewhere, on a router.
  if (astray && carried.length > 0) {
    return verdict(
      'network_warn_gateway',
      { gateway: astray.gateway, pool: astray.name, addresses: carried.join(', ') },
      name
    )
  }
  return verdict('network_ok', { addresses: carried.join(', ') || '—' }, name)
}

export async function addresses(cluster: Cluster): Promise<Verdict[]> {
  const pools = await openPools(cluster)
  if (pools.length === 0) return [verdict('addresses_warn_none')]
  const usage = await AddressPool.usageOf(pools)
  return pools
    .filter(({ family }) => family === 4)
    .map(({ id, name }) => {
      const { total, leased } = usage.get(id)!
      const measured = { leased, total: Number(total) }
      if (leased >= Number(total)) return verdict('addresses_fail', measured, name)
      const isShort = percentOf(leased, Number(total)) >= ADDRESSES_SHORT
      return verdict(isShort ? 'addresses_warn' : 'addresses_ok', measured, name)
    })
}

/** Whether ports lead where they should; the firewall of a node is asked what else it does. */
export async function forwarding(cluster: Cluster): Promise<Verdict[]> {
  const by = await ClusterForwarder.of(cluster)
  const pool = await PortPool.findBy('clusterId', cluster.id)
  if (!pool && !by.$isPersisted) return [verdict('forwarder_ok_unused')]
  const verdicts = [await deadForwards(cluster)]
  try {
    const { problems, isDropped, ofRouter } = await within(
      CHECK_MS,
      by.use(async (forwarder) => ({
        problems: await forwarder.check(),
        isDropped: await forwarder.dropsForwarded?.(),
        ofRouter: await router(cluster, by, forwarder),
      }))
    )
    verdicts.push(
      problems.includes('no_interface')
        ? verdict('forwarder_fail_interface', { name: by.listenInterface })
        : verdict('forwarder_ok')
    )
    if (isDropped !== undefined) verdicts.push(...firewall(problems, isDropped))
    verdicts.push(...ofRouter)
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    verdicts.push(verdict('forwarder_fail', { detail: error.message.slice(0, 300) }))
  }
  return verdicts
}

/** A router in front of the nodes, on which others have rules, too. */
async function router(
  cluster: Cluster,
  by: ClusterForwarder,
  forwarder: PortForwarder
): Promise<Verdict[]> {
  if (!forwarder.health) return []
  const { product, rules, ours } = await forwarder.health()
  const { missing, stray } = await compareForwards(cluster, forwarder)
  const place = by.router ? new URL(by.router.endpoint).host : ''
  const verdicts = [verdict('router_ok', { product }, place)]
  if (by.errorKind === 'out_of_capacity') {
    return [...verdicts, verdict('rules_fail_full', { rules }, place)]
  }
  const found =
    missing + stray === 0
      ? verdict('rules_ok', { rules, ours }, place)
      : verdict('rules_warn', { missing, stray }, place)
  return [...verdicts, found]
}

function firewall(problems: ForwarderProblem[], isDropped: boolean): Verdict[] {
  return [
    verdict(problems.includes('ip_forward_off') ? 'ip_forward_fail' : 'ip_forward_ok'),
    verdict(isDropped ? 'forward_policy_warn' : 'forward_policy_ok'),
  ]
}

async function deadForwards({ id }: Cluster): Promise<Verdict> {
  const applied = PortForward.query().where('cluster_id', id).whereNotNull('applied_at')
  const [all, dead] = await Promise.all([
    applied.clone().count('* as total').firstOrFail(),
    applied.clone().whereNotNull('missing_since').count('* as total').firstOrFail(),
  ])
  const count = Number(dead.$extras.total)
  return count > 0
    ? verdict('forwards_fail', { count })
    : verdict('forwards_ok', { count: Number(all.$extras.total) })
}

/**
 * What a guest gets to, asked inside one of the provider's own: nothing is ever run in a customer's. Where it
 * gets outside, the node passes packets on; so what its firewall did not tell is told by this.
 */
export async function reach(
  cluster: Cluster,
  driver: ComputeDriver,
  known: Verdict[]
): Promise<Verdict[]> {
  const guest = driver.doctor && (await probeGuest(cluster))
  const isKnown = known.some(({ name }) => name === 'ip_forward')
  if (!driver.doctor || !guest) {
    const blind = [verdict('gateway_unknown'), verdict('names_unknown'), verdict('outside_unknown')]
    const packets = [verdict('ip_forward_unknown'), verdict('forward_policy_unknown')]
    return isKnown ? blind : [...blind, ...packets]
  }
  const target = { ...outside, gateway: guest.gateway }
  const found = await driver.doctor.reach(guest.ref, target)
  const by = { guest: guest.name }
  const said = (answer: boolean | null, what: 'gateway' | 'names' | 'outside'): Verdict => {
    if (answer === null) return verdict(`${what}_unknown_mute`, by)
    return verdict(answer ? `${what}_ok` : `${what}_fail`, { ...by, ...TARGETS[what] })
  }
  const verdicts = [
    said(found.gateway, 'gateway'),
    said(found.names, 'names'),
    said(found.outside, 'outside'),
  ]
  if (isKnown) return verdicts
  return [...verdicts, ...passing(found.gateway, found.outside)]
}

const TARGETS = {
  gateway: {},
  names: { name: outside.name },
  outside: { target: `${outside.address}:${outside.port}` },
}

function passing(gateway: boolean | null, isOutside: boolean | null): Verdict[] {
  if (isOutside) return [verdict('ip_forward_ok_guest'), verdict('forward_policy_ok_guest')]
  if (isOutside === false && gateway) {
    return [verdict('ip_forward_warn'), verdict('forward_policy_warn_guest')]
  }
  return [verdict('ip_forward_unknown'), verdict('forward_policy_unknown')]
}

/** A running instance of the provider's on this cluster, with the gateway of its pool. */
async function probeGuest({ id }: Cluster) {
  const provider = await Organization.provider()
  const instance = await Tenant.run(provider.id, () =>
    provider
      .related('instances')
      .query()
      .where('cluster_id', id)
      .where('phase', 'running')
      .whereHas('addresses', (leased) =>
        leased.whereHas('addressPool', (pool) => pool.where('family', 4).whereNotNull('gateway'))
      )
      .preload('addresses', (leased) => leased.where('family', 4).preload('addressPool'))
      .orderBy('id')
      .first()
  )
  return instance && describe(instance)
}

function describe({ ref, name, addresses: leased }: Instance) {
  return { ref, name, gateway: leased[0]!.addressPool.gateway! }
}

function openPools({ id }: Cluster): Promise<AddressPool[]> {
  return AddressPool.query().where('cluster_id', id).whereNull('closed_at').orderBy('name').exec()
}
