import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { formatAddress, keyToNumber, numberToKey } from '#addressing/address'
import { parseCidr } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import { formatRanges } from '#addressing/ranges'
import { LeasesOutside, NoFreeAddress, PoolInUse } from '#exceptions/domain_error'
import type Address from '#models/address'
import AddressPool, { AlreadyLeased } from '#models/address_pool'
import type Cluster from '#models/cluster'
import Instance from '#models/instance'
import { newUid } from '#models/concerns/uid'
import { countStatements } from '#tests/support/statements'
import { emptyDatabase } from '#tests/support/test_database'
import { addressPool, world, type World } from '#tests/support/world'

test.group('AddressPool', (group) => {
  // Real commits: the races below need several connections.
  group.each.setup(() => emptyDatabase())

  test('fifty requests at once get fifty different addresses', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.50.0.0/24', '10.50.0.10', '10.50.0.59')
    const instances = await instancesOf(scene, 50)

    const started = Date.now()
    const leased = await scene.acme.inside(() =>
      Promise.all(instances.map((instance) => pool.lease(instance)))
    )

    assert.equal(new Set(leased.map(({ address }) => address)).size, 50)
    assert.isBelow(Date.now() - started, 20_000)
    assert.equal(await leasesOf(pool), 50)
  })

  test('of sixty requests for the last twenty addresses, twenty get one', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.51.0.0/24', '10.51.0.10', '10.51.0.29')
    const instances = await instancesOf(scene, 60)

    const results = await scene.acme.inside(() =>
      Promise.allSettled(instances.map((instance) => pool.lease(instance)))
    )

    const refused = results.filter(({ status }) => status === 'rejected')
    assert.lengthOf(refused, 40)
    assert.isTrue(
      refused.every((result) => (result as PromiseRejectedResult).reason instanceof NoFreeAddress)
    )
    assert.equal(await leasesOf(pool), 20)
  })

  test('of ten who lease for the same instance at once, one gets an address for it', async ({
    assert,
  }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.53.0.0/24', '10.53.0.10', '10.53.0.29')
    const [instance] = await instancesOf(scene, 1)

    const results = await scene.acme.inside(() =>
      Promise.allSettled(Array.from({ length: 10 }, () => pool.lease(instance!)))
    )

    const refused = results.filter(({ status }) => status === 'rejected')
    assert.lengthOf(refused, 9)
    assert.isTrue(
      refused.every((result) => (result as PromiseRejectedResult).reason instanceof AlreadyLeased)
    )
    assert.equal(await leasesOf(pool), 1)
  })

  test('two pools over the same network do not lease the same address', async ({ assert }) => {
    const scene = await world()
    const first = await addressPool(scene.cluster, '10.52.0.0/24', '10.52.0.10', '10.52.0.12')
    const second = await addressPool(scene.cluster, '10.52.0.0/25', '10.52.0.11', '10.52.0.13')
    const instances = await instancesOf(scene, 4)

    const leased = await scene.acme.inside(async () => [
      await first.lease(instances[0]!),
      await first.lease(instances[1]!),
      await first.lease(instances[2]!),
      await second.lease(instances[3]!),
    ])

    assert.equal(leased.at(-1)!.address, '10.52.0.13')
    await assert.rejects(() => scene.acme.inside(() => second.lease(instances[0]!)))
  })

  test('a nearly full /16 leases its last address as quickly as its first', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.60.0.0/16', '10.60.0.1', '10.60.255.254')
    const [first, last] = await instancesOf(scene, 2)
    const statements = await countStatements(() => scene.acme.inside(() => pool.lease(first!)))
    await fill(pool, '10.60.0.1', 65_534, '10.60.201.17')

    let leased: Address | null = null
    const started = Date.now()
    const fullStatements = await countStatements(async () => {
      leased = await scene.acme.inside(() => pool.lease(last!))
    })

    assert.equal(leased!.address, '10.60.201.17')
    assert.isBelow(Date.now() - started, 5_000)
    assert.isBelow(statements, 8)
    assert.isBelow(fullStatements, 24)
    await assert.rejects(() => scene.acme.inside(() => pool.lease(last!)), 'E_NO_FREE_ADDRESS')
  }).timeout(60_000)

  test('gateway, network and broadcast address are not leased', async ({ assert }) => {
    const { cluster } = await world()
    const pool = await define(cluster, '10.61.0.0/29', { gateway: '10.61.0.1' })
    assert.equal(formatRanges(await pool.rangesInOrder(), 4), '10.61.0.2-10.61.0.6')
  })

  test('what is excluded is not leased', async ({ assert }) => {
    const { cluster } = await world()
    const pool = await define(cluster, '10.62.0.0/24', {
      included: '10.62.0.10-10.62.0.30',
      excluded: '10.62.0.15\n10.62.0.20-10.62.0.22',
    })
    assert.equal(
      formatRanges(await pool.rangesInOrder(), 4),
      '10.62.0.10-10.62.0.14\n10.62.0.16-10.62.0.19\n10.62.0.23-10.62.0.30'
    )
  })

  test('an import adds what is new and tells what was known, unusable or leased elsewhere', async ({
    assert,
  }) => {
    const scene = await world()
    const other = await addressPool(scene.cluster, '10.63.0.0/24', '10.63.0.40', '10.63.0.40')
    const [instance] = await instancesOf(scene, 1)
    await scene.acme.inside(() => other.lease(instance!))
    const pool = await define(scene.cluster, '10.63.0.0/24', {
      gateway: '10.63.0.1',
      included: '10.63.0.10-10.63.0.19',
    })

    const result = await pool.addAddresses(
      parseList('10.63.0.0-10.63.0.2\n10.63.0.18-10.63.0.21\n10.63.0.40', parseCidr(pool.cidr)!)
        .ranges
    )

    assert.deepEqual(result, {
      added: 4n,
      known: 2n,
      unusable: 2n,
      excluded: 0n,
      leasedElsewhere: [{ address: '10.63.0.40', pool: other.name }],
      leasedElsewhereCount: 1,
    })
    assert.equal(
      formatRanges(await pool.rangesInOrder(), 4),
      '10.63.0.2\n10.63.0.10-10.63.0.21\n10.63.0.40'
    )
  })

  test('what was excluded stays out of what is imported later, until a person says otherwise', async ({
    assert,
  }) => {
    const { cluster } = await world()
    const pool = await define(cluster, '10.68.0.0/24', {
      included: '10.68.0.10-10.68.0.19',
      excluded: '10.68.0.15\n10.68.0.30-10.68.0.31',
    })
    const everything = parse('10.68.0.0/24', pool.cidr)

    const result = await (await AddressPool.findOrFail(pool.id)).addAddresses(everything)

    assert.deepInclude(result, { excluded: 3n, known: 9n, unusable: 2n })
    const ranges = '10.68.0.1-10.68.0.14\n10.68.0.16-10.68.0.29\n10.68.0.32-10.68.0.254'
    assert.equal(formatRanges(await pool.rangesInOrder(), 4), ranges)

    const { name, cidr, gateway, network, nameservers } = pool
    const facts = { name, cidr, gateway, network, nameservers }
    await pool.redefine(facts, { included: parse(ranges, cidr), excluded: [] })
    await pool.addAddresses(everything)
    assert.equal(formatRanges(await pool.rangesInOrder(), 4), '10.68.0.1-10.68.0.254')
  })

  test('it cannot shrink away from an address that is leased', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.64.0.0/24', '10.64.0.10', '10.64.0.10')
    const [instance] = await instancesOf(scene, 1)
    await scene.acme.inside(() => pool.lease(instance!))
    const { name, cidr, gateway, network } = pool

    const shrink = () =>
      pool.redefine(
        { name, cidr, gateway, network, nameservers: null },
        { included: parse('10.64.0.11-10.64.0.20', cidr), excluded: [] }
      )

    await assert.rejects(shrink, 'E_LEASES_OUTSIDE')
    const error = await shrink().catch((caught: LeasesOutside) => caught)
    assert.deepEqual((error as LeasesOutside).data, { leased: 1, addresses: '10.64.0.10' })
    assert.equal(formatRanges(await pool.rangesInOrder(), 4), '10.64.0.10')
  })

  test('leases that run while it shrinks stay inside what is left', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.65.0.0/24', '10.65.0.1', '10.65.0.200')
    const instances = await instancesOf(scene, 20)
    const { name, cidr, gateway, network } = pool
    const narrow = { included: parse('10.65.0.1-10.65.0.50', cidr), excluded: [] }

    const [shrunk, ...leases] = await scene.acme.inside(() =>
      Promise.allSettled([
        pool.redefine({ name, cidr, gateway, network, nameservers: null }, narrow),
        ...instances.map((instance) => pool.lease(instance)),
      ])
    )

    assert.isTrue(leases.every(({ status }) => status === 'fulfilled'))
    const ranges = await pool.rangesInOrder()
    const held = await db.from('addresses').where('address_pool_id', pool.id).select('address_key')
    const outside = held.filter(
      ({ address_key: key }) => !ranges.some((r) => key >= r.firstKey && key <= r.lastKey)
    )
    assert.isEmpty(outside)
    if (shrunk.status === 'rejected') assert.instanceOf(shrunk.reason, LeasesOutside)
  })

  test('it is removed only when nothing is leased', async ({ assert }) => {
    const scene = await world()
    const pool = await addressPool(scene.cluster, '10.66.0.0/24', '10.66.0.10', '10.66.0.19')
    const [instance] = await instancesOf(scene, 1)
    const address = await scene.acme.inside(() => pool.lease(instance!))

    await assert.rejects(() => pool.remove(), PoolInUse)
    await scene.acme.inside(() => address.delete())
    await pool.remove()

    assert.isNull(await AddressPool.find(pool.id))
    assert.isEmpty(await db.from('address_ranges').where('address_pool_id', pool.id))
  })

  test('usage counts what may be leased and what is', async ({ assert }) => {
    const scene = await world()
    const small = await addressPool(scene.cluster, '10.67.0.0/24', '10.67.0.10', '10.67.0.19')
    const huge = await define(scene.cluster, '2001:db8::/64', {})
    const [instance] = await instancesOf(scene, 1)
    await scene.acme.inside(() => small.lease(instance!))

    const usage = await AddressPool.usageOf([small, huge])

    assert.deepEqual(usage.get(small.id), { total: 10n, leased: 1 })
    assert.deepEqual(usage.get(huge.id), { total: 2n ** 64n - 1n, leased: 0 })
  })
})

const parse = (text: string, cidr: string) => parseList(text, parseCidr(cidr)!).ranges

function define(
  cluster: Cluster,
  cidr: string,
  { gateway = null, included = '', excluded = '' }: Record<string, string | null>
) {
  return AddressPool.define(
    cluster,
    { name: `pool ${cidr}`, cidr, gateway: gateway!, network: 'lxdbr0', nameservers: null },
    { included: parse(included!, cidr), excluded: parse(excluded!, cidr) }
  )
}

/** Rows only: what is tested here is the address, not the operation. */
async function instancesOf({ acme, cluster }: World, count: number): Promise<Instance[]> {
  return acme.inside(() =>
    Instance.createMany(
      Array.from({ length: count }, (_, index) => ({
        organizationId: acme.organization.id,
        name: `row-${index}`,
        liveName: `row-${index}`,
        kind: 'container' as const,
        clusterId: cluster.id,
        ref: `pt-${newUid('i')}`,
        cpus: 1,
        memoryMib: 128,
        diskGib: 1,
      }))
    )
  )
}

async function leasesOf(pool: AddressPool): Promise<number> {
  const row = await db.from('addresses').where('address_pool_id', pool.id).count('* as n').first()
  return Number(row.n)
}

/** Leases `count` addresses from `first` on to one row, all but `except` and those that are leased. */
async function fill(pool: AddressPool, first: string, count: number, except: string) {
  const start = keyToNumber(parse(first, pool.cidr)[0]!.firstKey)
  const instance = await db.from('instances').firstOrFail()
  const leased = await db.from('addresses').select('address_key')
  const held = new Set(leased.map((row) => row.address_key))
  const rows = Array.from({ length: count }, (_, index) => numberToKey(start + BigInt(index)))
    .filter((key) => !held.has(key) && formatAddress(key, 4) !== except)
    .map((key) => ({
      organization_id: instance.organization_id,
      instance_id: instance.id,
      cluster_id: pool.clusterId,
      address_pool_id: pool.id,
      family: 4,
      address: formatAddress(key, 4),
      address_key: key,
      created_at: '2026-01-01 00:00:00',
    }))
  for (let at = 0; at < rows.length; at += 400) {
    await db.table('addresses').multiInsert(rows.slice(at, at + 400))
  }
}
