import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import type { ForwarderConnection } from '#forwarders/contract'
import { IptablesForwarder } from '#forwarders/iptables/forwarder'
import { LocalShell } from '#forwarders/iptables/local_shell'
import { answering, knock } from '#tests/support/knocking'
import { run } from '#tests/support/lxd_lab'

/** Why none can be made here; null: they can. */
export function noNamespaces(): string | null {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const missing = ['/usr/sbin/iptables-restore', '/usr/sbin/ip'].filter((file) => !existsSync(file))
  return missing.length > 0 ? `needs ${missing.join(', ')}` : null
}

/**
 * A small world of network namespaces: a client in front of a router, and two guests behind it.
 *
 *     client 198.51.100.2 ── 198.51.100.1 router 10.66.0.1 ── 10.66.0.11 guest-1
 *            2001:db8:1::2 ── 2001:db8:1::1       fd66::1   └─ 10.66.0.12 guest-2
 *
 * The router passes nothing on but what it is told to.
 */
export class NetworkNamespaces {
  readonly listenAddress = '198.51.100.1'
  readonly listenAddress6 = '2001:db8:1::1'
  readonly guests = [
    { ref: 'guest-1', address: '10.66.0.11', address6: 'fd66::11' },
    { ref: 'guest-2', address: '10.66.0.12', address6: 'fd66::12' },
  ]
  private readonly stops: (() => Promise<void>)[] = []

  private constructor(private readonly id: string) {}

  static async make(): Promise<NetworkNamespaces> {
    const world = new NetworkNamespaces(randomBytes(3).toString('hex'))
    try {
      await world.build()
    } catch (error) {
      await world.remove()
      throw error
    }
    return world
  }

  name(part: string): string {
    return `pt${this.id}-${part}`
  }

  /** In front of a command, so that it runs there. */
  inside(part: string): string[] {
    return ['ip', 'netns', 'exec', this.name(part)]
  }

  /** Runs a command there and answers what it printed. */
  async sh(part: string, command: string): Promise<string> {
    const [program, ...parameters] = [...this.inside(part), 'sh', '-ec', command]
    const { stdout } = await run(program!, parameters)
    return stdout
  }

  connection(changes: Partial<ForwarderConnection> = {}): ForwarderConnection {
    return {
      kind: 'iptables',
      label: 'ctest2345678abc',
      cluster: {
        driver: 'fake',
        endpoint: 'fake:none.sqlite',
        tlsFingerprint: null,
        credentials: {},
        settings: {},
        facts: null,
      },
      listenInterface: null,
      masquerade: false,
      ssh: null,
      router: null,
      ...changes,
    }
  }

  forwarder(changes: Partial<ForwarderConnection> = {}): IptablesForwarder {
    return new IptablesForwarder(this.connection(changes), new LocalShell(this.inside('router')))
  }

  /** A line of its own from this machine to the router. Answers the router's address on it. */
  async reachRouter(): Promise<string> {
    const [own, other] = [`pt${this.id}m`, `pt${this.id}r`]
    const net = `10.${200 + (Number.parseInt(this.id.slice(0, 2), 16) % 50)}.${Number.parseInt(this.id.slice(2, 4), 16)}`
    await run('ip', [
      'link',
      'add',
      own,
      'type',
      'veth',
      'peer',
      'name',
      other,
      'netns',
      this.name('router'),
    ])
    await run('ip', ['addr', 'add', `${net}.1/30`, 'dev', own])
    await run('ip', ['link', 'set', own, 'up'])
    await this.sh('router', `ip addr add ${net}.2/30 dev ${other}; ip link set ${other} up`)
    return `${net}.2`
  }

  async remove(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()))
    for (const part of ['client', 'router', 'guest-1', 'guest-2']) {
      await run('ip', ['netns', 'del', this.name(part)]).catch(() => {})
    }
  }

  private async build(): Promise<void> {
    for (const part of ['client', 'router', 'guest-1', 'guest-2']) {
      await run('ip', ['netns', 'add', this.name(part)])
      await this.sh(part, 'ip link set lo up')
    }
    await this.sh(
      'router',
      `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
       ip link add out type veth peer name eth0 netns ${this.name('client')}
       ip addr add ${this.listenAddress}/24 dev out
       ip addr add ${this.listenAddress6}/64 dev out nodad
       ip link set out up
       ip link add inside type bridge mcast_snooping 0
       ip addr add 10.66.0.1/24 dev inside
       ip addr add fd66::1/64 dev inside nodad
       ip link set inside up
       iptables -P FORWARD DROP; ip6tables -P FORWARD DROP`
    )
    await this.sh(
      'client',
      `ip addr add 198.51.100.2/24 dev eth0; ip addr add 2001:db8:1::2/64 dev eth0 nodad
       ip link set eth0 up`
    )
    for (const [index, { ref, address, address6 }] of this.guests.entries()) {
      await this.sh(
        'router',
        `ip link add guest${index} type veth peer name eth0 netns ${this.name(ref)}
         ip link set guest${index} master inside up`
      )
      await this.sh(
        ref,
        `ip addr add ${address}/24 dev eth0; ip addr add ${address6}/64 dev eth0 nodad
         ip link set eth0 up
         ip route add default via 10.66.0.1; ip -6 route add default via fd66::1`
      )
      this.stops.push(await answering(this.inside(ref), ref))
      await this.meet(address6)
    }
  }

  /** IPv6 neighbours take a moment to find each other. */
  private async meet(address: string): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await knock(this.inside('router'), 'tcp', address, 2222)) return
    }
    throw new Error(`${address} does not answer its own router`)
  }
}
