import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import type { RemoteInstance } from '#drivers/contract'
import { settle } from '#drivers/settle'
import { at } from '#drivers/lxd/client'
import { STAMP_KEY } from '#drivers/lxd/instance'
import { record } from '#drivers/json'
import { moveFacts } from '#tests/drivers/move_facts'
import { ownLxdCluster, withoutOwnCluster, type LxdLabCluster } from '#tests/support/lxd_lab'
import { workbench } from '#tests/support/lxd_workbench'

const without = await withoutOwnCluster()

test.group('LXD driver on a cluster of two members', (group) => {
  if (without) {
    test('moves instances between them').skip(true, without)
    return
  }

  let lab: LxdLabCluster
  let bench: ReturnType<typeof workbench>

  group.setup(async () => {
    lab = await ownLxdCluster()
    bench = workbench(lab)
  })

  group.each.setup(async () => {
    await bench.open()
    return () => bench.close()
  })

  const find = async (ref: string): Promise<RemoteInstance> => {
    const instance = await bench.driver.instances.find(ref)
    if (!instance) throw new Error(`${ref} is not there`)
    return instance
  }

  moveFacts({
    unknownTaskId: randomUUID(),
    driver: () => bench.driver,
    make: (changes) => bench.make(changes),
    makeRunning: (changes) => bench.makeRunning(changes),
    follow: (task) => settle(bench.driver, task, { holdMs: 90_000 }),
    find,
    hasNot: async () => false,
  })

  test('its members are its nodes, and an instance is made on the one that was chosen', async ({
    assert,
  }) => {
    const nodes = await bench.driver.nodes.list()
    assert.sameMembers(
      nodes.map(({ ref }) => ref),
      ['member-1', 'member-2']
    )
    for (const { ref: node } of nodes) {
      const spec = await bench.make({ node })
      assert.equal((await find(spec.ref)).node, node)
    }
  })

  test('archives that were left on it do not hold it back', async ({ assert }) => {
    const { ref, stamp } = await bench.make({ node: 'member-1' })
    await settle(bench.driver, await bench.driver.backups!.pack(ref, 'left'))
    await settle(bench.driver, await bench.driver.moves!.move(ref, stamp, 'member-2'))
    assert.equal((await find(ref)).node, 'member-2')
  })

  test('a move that was cut off between two names is brought to its end', async ({ assert }) => {
    const { ref, stamp } = await bench.make({ node: 'member-1' })
    // As a daemon leaves it that dies after the old one was removed.
    const copy = `lxd-move-of-${randomUUID()}`
    assert.notOk(await bench.raw('POST', at('instances', ref), { name: copy }))
    assert.isNull(await bench.driver.instances.find(ref))
    await settle(bench.driver, await bench.driver.moves!.move(ref, stamp, 'member-2'))
    assert.deepInclude(await find(ref), { node: 'member-2', stamp })
  })

  test('a move that was cut off before begins anew, and its half copy goes', async ({ assert }) => {
    const { ref, stamp } = await bench.make({ node: 'member-1' })
    const copy = `lxd-move-of-${randomUUID()}`
    const { metadata } = await bench.client.get(at('instances', ref))
    const { architecture } = record(metadata)
    const json = {
      name: copy,
      architecture,
      config: { [STAMP_KEY]: stamp },
      source: { type: 'copy', source: ref },
    }
    const { operationId } = await bench.client.request('POST', at('instances'), {
      query: { target: 'member-2' },
      body: { json },
    })
    await bench.client.get(at('operations', operationId!, 'wait'))
    assert.isNotNull(await bench.client.find(at('instances', copy)))
    await settle(bench.driver, await bench.driver.moves!.move(ref, stamp, 'member-2'))
    assert.equal((await find(ref)).node, 'member-2')
    assert.isNull(await bench.client.find(at('instances', copy)))
  })
})
