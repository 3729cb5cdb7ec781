import { setTimeout as sleep } from 'node:timers/promises'
import { DriverError } from '#drivers/errors'
import type {
  Comparison,
  Forward,
  ForwarderConnection,
  ForwarderProblem,
  PlacedForward,
  PortForwarder,
} from '#forwarders/contract'
import { LocalShell } from '#forwarders/iptables/local_shell'
import {
  missingOf,
  parseSaved,
  placedRefs,
  planOf,
  TABLES,
  type Family,
  type Layout,
  type Saved,
} from '#forwarders/iptables/rules'
import type { Ended, Shell } from '#forwarders/iptables/shell'
import { SshShell } from '#forwarders/iptables/ssh_shell'

/** Somebody changed the same chains between our look and our word; looked at again, it fits. */
const TRIES = 6
const FAMILIES: readonly Family[] = [4, 6]
/** How long iptables may wait for another that holds the lock. */
const LOCK_SECONDS = '5'

/**
 * The firewall of a node or router. Each change is one iptables-restore: all of it or nothing, and nothing
 * but chains of our own and the jumps to them.
 */
export class IptablesForwarder implements PortForwarder {
  private readonly layout: Layout

  constructor(
    { label, listenInterface, masquerade }: ForwarderConnection,
    private readonly shell: Shell
  ) {
    this.layout = { label, listenInterface, masquerade }
  }

  async ensure(forwards: Forward[]): Promise<void> {
    for (const family of FAMILIES) {
      const add = forwards.filter((forward) => familyOf(forward) === family)
      if (add.length > 0) await this.change(family, { add })
    }
  }

  async remove(forwards: PlacedForward[]): Promise<void> {
    const remove = forwards.map(({ ref }) => ref)
    if (remove.length === 0) return
    for (const family of FAMILIES) await this.change(family, { remove })
  }

  async compare(wanted: Forward[]): Promise<Comparison> {
    const comparison: Comparison = { missing: [], stray: [] }
    const known = new Set(wanted.map(({ ref }) => ref))
    for (const family of FAMILIES) {
      const mine = wanted.filter((forward) => familyOf(forward) === family)
      const saved = await this.read(family)
      if (mine.length > 0) comparison.missing.push(...missingOf(saved, this.layout, mine))
      for (const ref of placedRefs(saved, this.layout.label)) {
        if (!known.has(ref)) comparison.stray.push({ ref, instance: null })
      }
    }
    return comparison
  }

  async check(): Promise<ForwarderProblem[]> {
    await this.read(4)
    const problems: ForwarderProblem[] = []
    const passing = await this.tell(['cat', '/proc/sys/net/ipv4/ip_forward'])
    if (passing.stdout.trim() !== '1') problems.push('ip_forward_off')
    const { listenInterface } = this.layout
    if (listenInterface) {
      const found = await this.tell(['cat', '/proc/net/dev'])
      const names = found.stdout.split('\n').map((line) => line.split(':')[0]!.trim())
      if (!names.includes(listenInterface)) problems.push('no_interface')
    }
    return problems
  }

  async dropsForwarded(): Promise<boolean> {
    const { policies } = await this.read(4)
    return policies.get('filter FORWARD') === 'DROP'
  }

  close(): Promise<void> {
    return this.shell.close()
  }

  private async change(
    family: Family,
    wish: { add?: Forward[]; remove?: string[] }
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const script = planOf(await this.read(family), this.layout, wish)
      if (script === null) return
      const command = [program(family, 'restore'), '--noflush', '--wait', LOCK_SECONDS]
      const ended = await this.shell.run(command, { privileged: true, input: script })
      if (ended.code === 0) return
      if (attempt === TRIES) throw refused(ended)
      await sleep(20 * attempt * Math.random())
    }
  }

  private async read(family: Family): Promise<Saved> {
    const saved: Saved = { chains: new Set(), rules: [], policies: new Map() }
    for (const table of TABLES) {
      const command = [program(family, 'save'), '-t', table]
      const ended = await this.shell.run(command, { privileged: true })
      // Without IPv6 in the kernel there is nothing of it to read.
      if (ended.code !== 0 && family === 6) return saved
      if (ended.code !== 0) throw refused(ended)
      const { chains, rules, policies } = parseSaved(ended.stdout)
      for (const chain of chains) saved.chains.add(chain)
      saved.rules.push(...rules)
      for (const [chain, policy] of policies) saved.policies.set(chain, policy)
    }
    return saved
  }

  private tell(command: readonly string[]): Promise<Ended> {
    return this.shell.run(command, { privileged: false })
  }
}

export function createForwarder(connection: ForwarderConnection): PortForwarder {
  const shell = connection.ssh ? new SshShell(connection.ssh) : new LocalShell()
  return new IptablesForwarder(connection, shell)
}

const program = (family: Family, what: 'save' | 'restore'): string =>
  `ip${family === 6 ? '6' : ''}tables-${what}`

const familyOf = ({ listenAddress }: Forward): Family => (listenAddress.includes(':') ? 6 : 4)

const LONGEST_REASON = 300

function refused({ stderr, stdout }: Ended): DriverError {
  const said = (stderr || stdout).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_REASON)
  if (/a password is required|not in the sudoers|may not run sudo|Permission denied/i.test(said)) {
    return new DriverError('unauthorized', `we may not change the firewall: ${said}`)
  }
  if (/command not found|No such file/i.test(said)) {
    return new DriverError('unsupported', `there is no iptables: ${said}`)
  }
  if (/lock|Resource temporarily unavailable|Device or resource busy/i.test(said)) {
    return new DriverError('busy', `the firewall is being changed: ${said}`)
  }
  return new DriverError('invalid', `the firewall refused it: ${said || 'without a word'}`)
}
