import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { DateTime } from 'luxon'
import { randomUUID } from 'node:crypto'
import AddressPool from '#models/address_pool'
import Cluster from '#models/cluster'
import Image from '#models/image'
import Plan from '#models/plan'
import { world, type World } from '#tests/support/world'

const PAGE_SIZE = 50
const MANY = PAGE_SIZE + 10
const numbered = (index: number) => `row-${String(index).padStart(3, '0')}`
const many = <T>(row: (name: string, index: number) => T) =>
  Array.from({ length: MANY }, (_, index) => row(numbered(index), index))

/** How to fill each list beyond its first page. */
const LISTS: Record<string, (world: World) => Promise<unknown>> = {
  'clusters': ({ fake }) =>
    Cluster.createMany(
      many((name) => ({
        name,
        driver: 'fake' as const,
        endpoint: fake.endpoint,
        settings: {},
        status: 'online' as const,
        maxParallelOperations: 1,
      }))
    ),
  'images': ({ cluster }) =>
    Image.createMany(
      many((name, index) => ({
        clusterId: cluster.id,
        ref: randomUUID(),
        name,
        architecture: 'x86_64',
        kind: 'container' as const,
        sizeMib: 1,
        offeredAt: index % 3 === 0 ? DateTime.utc() : null,
        syncedAt: DateTime.utc(),
      }))
    ),
  'plans': () =>
    Plan.createMany(
      many((name, index) => ({
        name,
        kind: 'container' as const,
        cpus: 1,
        memoryMib: 128,
        diskGib: 1,
        position: index % 4,
        archivedAt: index % 5 === 0 ? DateTime.utc() : null,
      }))
    ),
  'address-pools': ({ cluster }) =>
    AddressPool.createMany(
      many((name, index) => ({
        clusterId: cluster.id,
        name,
        family: 4,
        cidr: `10.${index}.0.0/24`,
        gateway: `10.${index}.0.1`,
        network: 'lxdbr0',
      }))
    ),
}

const namesIn = (html: string) => [...html.matchAll(/title="(row-\d{3})"/g)].map(([, name]) => name)
const linkTo = (html: string, label: 'Previous' | 'Next') =>
  html
    .match(new RegExp(`<a [^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*${label}`, 's'))?.[1]
    ?.replaceAll('&amp;', '&')

test.group('Long lists of the staff', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  for (const [list, fill] of Object.entries(LISTS)) {
    test(`${list} come in pages, each row once`, async ({ client, assert }) => {
      const made = await world()
      await fill(made)
      const staff = await made.staff()
      const read = async (path: string) => {
        const response = await client.get(path).loginAs(staff)
        response.assertStatus(200)
        return response.text()
      }

      const first = await read(`/admin/${list}`)
      const next = linkTo(first, 'Next')
      assert.include(next, `/admin/${list}?after=`)
      const second = await read(next!)
      const seen = [...namesIn(first), ...namesIn(second)]
      assert.isAtMost(namesIn(first).length, PAGE_SIZE)
      assert.sameMembers(
        seen,
        many((name) => name)
      )
      assert.lengthOf(seen, MANY)
      assert.isUndefined(linkTo(second, 'Next'))
      assert.deepEqual(namesIn(await read(linkTo(second, 'Previous')!)), namesIn(first))
    })
  }
})
