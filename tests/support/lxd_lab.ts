import { existsSync, readFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import app from '@adonisjs/core/services/app'
import type { CardSpec, ClusterConnection, ClusterFacts, InstanceSpec } from '#drivers/contract'
import { list, record, text } from '#drivers/json'
import { at, LxdClient } from '#drivers/lxd/client'
import { createDriver, identify } from '#drivers/lxd/driver'

export const run = promisify(execFile)

/** Where tests/labs/lxd/lxd-up keeps its nodes. */
const BASE = process.env.LXD_UP_BASE ?? '/var/lib/lxd-dev'
const IMAGES = process.env.LXD_UP_IMAGES ?? join(BASE, 'images')
/** The nodes these tests share with others: they make and remove instances there, and nothing else. */
const SHARED = numbersIn(process.env.PORTICO_LXD_NODES ?? '1 2')
/** A node of these tests' own, which they start, kill, change and stop as they like. */
const OWN = numbersIn(process.env.PORTICO_LXD_OWN_NODE ?? '5')[0]
/** A cluster of two members, of these tests' own. */
const OWN_CLUSTER = numbersIn(process.env.PORTICO_LXD_CLUSTER ?? '1')[0]

/** Addresses the tests may use in a node's /24; the rest belongs to demo and benches. */
const FIRST_ADDRESS = 10
const LAST_ADDRESS = 49
const RUN = randomBytes(3).toString('hex')
let counter = 0

/** A real LXD daemon of the lab. */
export class LxdLabNode {
  private nextAddress = FIRST_ADDRESS + (randomBytes(1)[0] % (LAST_ADDRESS - FIRST_ADDRESS))

  protected constructor(
    readonly number: number,
    protected readonly env: Record<string, string>
  ) {}

  static async find(number: number): Promise<LxdLabNode | null> {
    const file = join(BASE, `node${number}`, 'env')
    if (!existsSync(file)) return null
    const node = new LxdLabNode(number, parseEnv(readFileSync(file, 'utf8')))
    return (await node.isUp()) ? node : null
  }

  /** Starts it, as root on Debian; running already: left alone. */
  static async start(number: number): Promise<LxdLabNode> {
    await run(app.makePath('tests/labs/lxd/lxd-up'), [String(number)], { timeout: 300_000 })
    const node = await LxdLabNode.find(number)
    if (!node) throw new Error(`LXD node ${number} did not come up`)
    return node
  }

  /** kill -9 of the daemon; its guests go on. `start` brings it back. */
  kill(): void {
    process.kill(this.pid, 'SIGKILL')
  }

  /** As an update of LXD does it; its guests go on. */
  async restart(): Promise<void> {
    const { pid } = this
    process.kill(pid, 'SIGTERM')
    while (commandOf(pid) === 'lxd') await sleep(50)
    await LxdLabNode.start(this.number)
  }

  private get pid(): number {
    const pid = Number(readFileSync(join(BASE, `node${this.number}`, 'lxd.pid'), 'utf8'))
    if (commandOf(pid) !== 'lxd') throw new Error(`LXD node ${this.number} does not run`)
    return pid
  }

  async stop(): Promise<void> {
    await run(app.makePath('tests/labs/lxd/lxd-down'), [String(this.number)], { timeout: 60_000 })
  }

  get url(): string {
    return this.env.LXD_URL
  }

  get fingerprint(): string {
    return this.env.LXD_SERVER_FINGERPRINT
  }

  get bridge(): string {
    return this.env.LXD_BRIDGE
  }

  get gateway(): string {
    return this.env.LXD_BRIDGE_ADDR
  }

  /** A network beside the bridge, that leases addresses of both families. */
  get furtherNetwork(): { name: string; ipv4: string; ipv6: string } {
    const { LXD_FURTHER_NETWORK, LXD_FURTHER_ADDR, LXD_FURTHER_ADDR6 } = this.env
    return { name: LXD_FURTHER_NETWORK, ipv4: LXD_FURTHER_ADDR, ipv6: LXD_FURTHER_ADDR6 }
  }

  connection(changes: Partial<ClusterConnection> = {}): ClusterConnection {
    return {
      driver: 'lxd',
      endpoint: this.url,
      tlsFingerprint: this.fingerprint,
      credentials: {
        certificate: readFileSync(this.env.LXD_CLIENT_CERT, 'utf8'),
        privateKey: readFileSync(this.env.LXD_CLIENT_KEY, 'utf8'),
      },
      settings: {},
      facts: null,
      ...changes,
    }
  }

  /** LXD without the driver, for what an operator does by hand. */
  client(changes: Partial<ClusterConnection> = {}): LxdClient {
    return new LxdClient(this.connection(changes))
  }

  /** Small, quick to start, with a name of this run and an address nobody holds at this moment. */
  async spec(changes: Partial<InstanceSpec> = {}): Promise<InstanceSpec> {
    counter += 1
    return {
      ref: `drv-${RUN}-${this.number}-${counter}`,
      stamp: `stamp-${RUN}-${counter}`,
      kind: 'container',
      node: null,
      image: await this.image('tiny'),
      size: { cpus: 1, memoryMib: 128, diskGib: 1, ingressMbps: 50, egressMbps: 20 },
      storagePool: 'default',
      network: this.bridge,
      addresses: [
        {
          family: 4,
          address: await this.freeAddress(),
          prefixLength: 24,
          gateway: this.gateway,
        },
      ],
      nameservers: [this.gateway],
      macAddress: null,
      ...changes,
    }
  }

  /** A card on the further network, with an address of each family that nobody holds at this moment. */
  async furtherCard(name = 'eth1'): Promise<CardSpec> {
    const { name: network, ipv4: gateway, ipv6: gateway6 } = this.furtherNetwork
    const address = await this.freeAddress(gateway)
    const number = address.split('.').at(-1)!
    return {
      name,
      network,
      macAddress: `00:16:3e:${randomBytes(3).toString('hex').match(/../g)!.join(':')}`,
      addresses: [
        { family: 4, address, prefixLength: 24, gateway },
        { family: 6, address: gateway6.replace(/1$/, number), prefixLength: 64, gateway: gateway6 },
      ],
    }
  }

  async image(name: string): Promise<string> {
    const driver = createDriver(this.connection())
    const images = await driver.images.list().finally(() => driver.close())
    return images.find((image) => image.name === name)!.ref
  }

  private async freeAddress(gateway = this.gateway): Promise<string> {
    const held = await this.heldAddresses()
    for (let tried = FIRST_ADDRESS; tried <= LAST_ADDRESS; tried += 1) {
      const address = gateway.replace(/\d+$/, String(this.nextAddress))
      this.nextAddress = this.nextAddress === LAST_ADDRESS ? FIRST_ADDRESS : this.nextAddress + 1
      if (!held.has(address)) return address
    }
    throw new Error(`node ${this.number}: no address is free`)
  }

  /** The first free one of this part of its /24, by its last number; what another run left behind holds some. */
  async freeNumber([first, last]: readonly [number, number]): Promise<number> {
    const held = await this.heldAddresses()
    for (let number = first; number <= last; number += 1) {
      if (!held.has(this.gateway.replace(/\d+$/, String(number)))) return number
    }
    throw new Error(`node ${this.number}: no address from ${first} to ${last} is free`)
  }

  private async heldAddresses(): Promise<Set<string | null>> {
    const client = this.client()
    const { metadata } = await client
      .get(at('instances'), { query: { recursion: '1' } })
      .finally(() => client.close())
    return new Set(
      list(metadata)
        .flatMap((instance) => Object.values(record(record(instance).expanded_devices)))
        .map((device) => text(record(device)['ipv4.address']))
    )
  }

  private async isUp(): Promise<boolean> {
    try {
      const { fingerprint } = await identify(this.url)
      return fingerprint === this.fingerprint
    } catch {
      return false
    }
  }
}

/** A real LXD cluster of two members, spoken to through the first one. */
export class LxdLabCluster extends LxdLabNode {
  private facts: ClusterFacts | null = null

  /** Forms it, or brings it back; running already: left alone. */
  static override async start(number: number): Promise<LxdLabCluster> {
    await run(app.makePath('tests/labs/lxd/lxd-cluster-up'), [String(number)], { timeout: 300_000 })
    const env = readFileSync(join(BASE, `cluster${number}`, 'env'), 'utf8')
    const cluster = new LxdLabCluster(number, parseEnv(env))
    const driver = createDriver(cluster.connection())
    cluster.facts = await driver.probe().finally(() => driver.close())
    return cluster
  }

  override connection(changes: Partial<ClusterConnection> = {}): ClusterConnection {
    return super.connection({ facts: this.facts, ...changes })
  }

  override async stop(): Promise<void> {
    const script = app.makePath('tests/labs/lxd/lxd-cluster-down')
    await run(script, [String(this.number)], { timeout: 60_000 })
  }
}

/** The shared nodes that are up. */
export async function sharedNodes(): Promise<LxdLabNode[]> {
  const nodes = await Promise.all(SHARED.map((number) => LxdLabNode.find(number)))
  return nodes.filter((node) => node !== null)
}

/** The number of a node to do as one likes with; null where none can be started. */
export async function ownNode(): Promise<number | null> {
  const canStart = process.getuid?.() === 0 && existsSync(join(IMAGES, 'tiny.tar.gz'))
  return canStart && OWN ? OWN : null
}

/** null when there is no such process, or nothing but its exit code is left of it. */
function commandOf(pid: number): string | null {
  try {
    const [, command, state] = /\((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!
    return state === 'Z' ? null : command
  } catch {
    return null
  }
}

export const NO_OWN_NODE =
  'no LXD of our own can be started here (root, Debian, images built by tests/labs/lxd/lxd-up)'

/** Why no cluster of our own can be formed here; null: it can. */
export async function withoutOwnCluster(): Promise<string | null> {
  return (await ownNode()) === null || !OWN_CLUSTER ? NO_OWN_NODE : null
}

let own: Promise<LxdLabNode> | null = null
let ownCluster: Promise<LxdLabCluster> | null = null

/** Our own node, started by the first who asks, for all suites of this process. */
export async function ownLxd(): Promise<LxdLabNode> {
  const number = await ownNode()
  if (number === null) throw new Error(NO_OWN_NODE)
  own ??= LxdLabNode.start(number)
  return own
}

/** Our own cluster, formed by the first who asks. */
export async function ownLxdCluster(): Promise<LxdLabCluster> {
  const reason = await withoutOwnCluster()
  if (reason !== null) throw new Error(reason)
  ownCluster ??= LxdLabCluster.start(OWN_CLUSTER!)
  return ownCluster
}

export async function stopOwnLxd(): Promise<void> {
  const started = [await own?.catch(() => null), await ownCluster?.catch(() => null)]
  own = null
  ownCluster = null
  for (const lab of started) await lab?.stop()
}

function parseEnv(content: string): Record<string, string> {
  return Object.fromEntries(
    content
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2))
  )
}

function numbersIn(value: string): number[] {
  return value
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number)
}
