import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { list, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { runCommand } from '#drivers/lxd/exec'
import Instance from '#models/instance'
import Organization from '#models/organization'
import { Tenant } from '#models/concerns/tenant'
import { LxdLabNode } from '#tests/support/lxd_lab'
import { lxdCluster } from '#tests/support/lxd_world'
import { listenForEnds } from './ends.js'

/** Whatever the addresses of the lab's tests are, ours are others. */
const PORTAL_ADDRESSES: [number, number] = [100, 179]
const BARE_ADDRESSES: [number, number] = [180, 199]

/** One organization, one plan and a real LXD node, to create instances on through Portico and past it. */
export async function setUpLxd(number: number, password: string) {
  const node = await LxdLabNode.find(number)
  if (!node) throw new Error(`LXD node ${number} does not run; start it with tests/labs/lxd/lxd-up`)
  const network = node.gateway.replace(/\d+$/, '')
  const { image, plan } = await lxdCluster(node, PORTAL_ADDRESSES)
  const organization = await db.transaction((trx) =>
    Organization.found({ name: 'Bench', kind: 'team', owner: null }, trx)
  )
  await db.from('quotas').where('organization_id', organization.id).update({ maximum: null })

  const client = node.client()
  for (const instance of await abandoned(client, network)) await removeBare(client, instance)
  const ends = await listenForEnds()
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization.id, work)
  const order = (name: string) =>
    inside(() =>
      Instance.order(organization, {
        name,
        plan,
        image,
        rootPassword: password,
        sshKeys: [],
        requestedBy: null,
      })
    )
  const remove = async (instance: Instance) => {
    const deletion = await inside(() => instance.destroy(null))
    await ends.of(deletion)
  }
  let bareCreates = 0
  let template: Template | null = null

  return {
    /** Milliseconds from the accepted order to the end of its operation. */
    async portal(name: string): Promise<number> {
      const { instance, operation } = await order(name)
      const from = performance.now()
      await ends.of(operation)
      const ms = performance.now() - from
      template ??= await templateOf(client, instance.ref)
      await remove(instance)
      return ms
    },

    /** Milliseconds that the same takes by hand: create, start, set the password, see the address. */
    async bare(): Promise<number> {
      bareCreates += 1
      const name = `bare-${process.pid}-${bareCreates}`
      const last = BARE_ADDRESSES[0] + (bareCreates % (BARE_ADDRESSES[1] - BARE_ADDRESSES[0]))
      if (!template) throw new Error('the portal creates first: the bare calls make the same')
      const from = performance.now()
      await createBare(client, { ...template, name, address: network + last, password })
      const ms = performance.now() - from
      await removeBare(client, { name, isRunning: true })
      return ms
    },

    /** So many orders at once; then all of them are deleted again. */
    async burst(count: number) {
      const orders = await Promise.all(
        Array.from({ length: count }, (_, index) => order(`burst-${index}`))
      )
      await Promise.all(orders.map(({ operation }) => ends.of(operation, 'final')))
      const instances = await ours(client)
      const addresses = instances
        .filter(({ isRunning }) => isRunning)
        .flatMap((instance) => instance.addresses)
      await Promise.all(orders.map(({ instance }) => remove(instance)))
      return {
        burstRunning: addresses.length,
        duplicates: addresses.length - new Set(addresses).size,
      }
    },

    /** What is still there when everything was deleted: in the cluster, and of what instances hold with us. */
    async leftovers(): Promise<number> {
      const instances = await ours(client)
      const held = await Promise.all(
        ['addresses', 'quota_holdings', 'one_time_secrets'].map((table) =>
          db.from(table).count('* as total').firstOrFail()
        )
      )
      const used = await db.from('quotas').sum('used as total').firstOrFail()
      const open = await db.from('operations').whereNotNull('open_on').count('* as total').first()
      return [instances.length, ...[...held, used, open].map((row) => Number(row.total))].reduce(
        (sum, left) => sum + left
      )
    },

    async close(): Promise<void> {
      for (const instance of await ours(client)) await removeBare(client, instance)
      client.close()
      ends.close()
    },
  }
}

type Template = { image: string; config: object; card: Record<string, string>; root: object }

/** What Portico asked LXD for, so that the bare calls ask for the same. */
async function templateOf(client: LxdClient, ref: string): Promise<Template> {
  const { metadata } = await client.get(at('instances', ref))
  const { config, devices } = record(metadata)
  const { root, eth0 } = record(devices)
  const asked = Object.entries(record(config)).filter(([key]) => !/^(volatile|image)\./.test(key))
  return {
    image: text(record(config)['volatile.base_image'])!,
    config: Object.fromEntries(asked),
    card: record(eth0) as Record<string, string>,
    root: record(root),
  }
}

async function createBare(
  client: LxdClient,
  { name, address, password, image, config, card, root }: Template & Record<string, unknown>
): Promise<void> {
  const path = at('instances', String(name))
  await wait(client, 'POST', at('instances'), {
    name,
    type: 'container',
    source: { type: 'image', fingerprint: image },
    profiles: ['default'],
    config,
    devices: { root, eth0: { ...card, 'ipv4.address': address } },
  })
  await wait(client, 'PUT', `${path}/state`, { action: 'start' })
  const { code } = await runCommand(client, String(name), ['chpasswd'], `root:${password}\n`)
  if (code !== 0) throw new Error(`chpasswd answered ${code}`)
  while (true) {
    const addresses = await addressesOf(client, String(name))
    if (addresses.includes(String(address))) return
    await sleep(25)
  }
}

async function wait(client: LxdClient, method: string, path: string, json?: object): Promise<void> {
  const reply = await client.request(method, path, json ? { body: { json } } : {})
  if (reply.operationId === null) return
  const { metadata } = await client.get(at('operations', reply.operationId, 'wait'), {
    query: { timeout: '60' },
    timeoutMs: 70_000,
  })
  const operation = record(metadata)
  if (operation.status_code !== 200) throw new Error(`${method} ${path}: ${text(operation.err)}`)
}

async function addressesOf(client: LxdClient, name: string): Promise<string[]> {
  const { metadata } = await client.get(at('instances', name, 'state'))
  return addressesIn(record(metadata))
}

function addressesIn(state: Record<string, unknown>): string[] {
  return Object.values(record(state.network))
    .flatMap((card) => list(record(card).addresses).map(record))
    .filter(({ family, scope }) => family === 'inet' && scope === 'global')
    .map(({ address }) => text(address) ?? '')
}

type Seen = { name: string; isRunning: boolean; card: string; addresses: string[] }

async function seenOn(client: LxdClient): Promise<Seen[]> {
  const { metadata } = await client.get(at('instances'), { query: { recursion: '2' } })
  return list(metadata).map((value) => {
    const { name, status, state, devices } = record(value)
    return {
      name: text(name)!,
      isRunning: status === 'Running',
      card: text(record(record(devices).eth0)['ipv4.address']) ?? '',
      addresses: addressesIn(record(state)),
    }
  })
}

/** What this run made; others may be at work on the same node. */
async function ours(client: LxdClient): Promise<Seen[]> {
  const rows = await db.from('instances').select('ref')
  const refs = new Set(rows.map(({ ref }) => ref as string))
  const seen = await seenOn(client)
  return seen.filter(({ name }) => refs.has(name) || name.startsWith(`bare-${process.pid}-`))
}

/** What a run that was killed left: it stands on addresses that only benches use. */
async function abandoned(client: LxdClient, network: string): Promise<Seen[]> {
  const seen = await seenOn(client)
  return seen.filter(({ card }) => {
    const last = Number(card.slice(network.length))
    return card.startsWith(network) && last >= PORTAL_ADDRESSES[0] && last <= BARE_ADDRESSES[1]
  })
}

async function removeBare(
  client: LxdClient,
  { name, isRunning }: Pick<Seen, 'name' | 'isRunning'>
): Promise<void> {
  if (isRunning) {
    await wait(client, 'PUT', at('instances', name, 'state'), { action: 'stop', force: true })
  }
  await wait(client, 'DELETE', at('instances', name))
}
