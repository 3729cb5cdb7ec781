import type {
  ClusterFacts,
  ClusterWarning,
  DoctorApi,
  GuestReach,
  NetworkHealth,
  ReachTarget,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, number, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { runCommand } from '#drivers/lxd/exec'
import { parseInstance, powerOf } from '#drivers/lxd/instance'

/**
 * Tells by its exit code, so that nothing a guest prints is ever read: two bits for each question, the first
 * for "no", the second for "cannot be told here".
 */
const REACH = `
gateway=$1 name=$2 address=$3 port=$4
answer=0
has() { command -v "$1" >/dev/null 2>&1; }
if has ping; then ping -c 1 -W 2 "$gateway" >/dev/null 2>&1 || answer=$((answer + 1))
else answer=$((answer + 2)); fi
if has getent; then getent hosts "$name" >/dev/null 2>&1 || answer=$((answer + 4))
elif has nslookup; then nslookup "$name" >/dev/null 2>&1 || answer=$((answer + 4))
else answer=$((answer + 8)); fi
if has bash && has timeout; then
  timeout 4 bash -c 'exec 3<>"/dev/tcp/$1/$2"' tcp "$address" "$port" >/dev/null 2>&1 || answer=$((answer + 16))
elif has nc; then nc -w 4 "$address" "$port" </dev/null >/dev/null 2>&1 || answer=$((answer + 16))
elif has ping; then ping -c 1 -W 3 "$address" >/dev/null 2>&1 || answer=$((answer + 16))
else answer=$((answer + 32)); fi
exit $answer`

const [GATEWAY, NAMES, OUTSIDE] = [0, 2, 4]
/** Codes beyond: the guest has no shell, or was stopped in the middle. */
const HIGHEST = 42

export class LxdDoctor implements DoctorApi {
  constructor(
    private readonly client: LxdClient,
    private readonly facts: ClusterFacts | null
  ) {}

  networks(names: string[]): Promise<NetworkHealth[]> {
    return Promise.all(names.map((name) => this.network(name)))
  }

  async warnings(): Promise<ClusterWarning[]> {
    if (!this.facts?.extensions.includes('warnings')) return []
    const { metadata } = await this.client.get(at('warnings'), { query: { recursion: '1' } })
    return list(metadata)
      .map(record)
      .filter(({ status }) => status === 'new')
      .map((warning) => ({
        message: [text(warning.type), text(warning.last_message)].filter(Boolean).join(': '),
        node: text(warning.location),
        count: number(warning.count),
      }))
  }

  async reach(ref: string, { gateway, name, address, port }: ReachTarget): Promise<GuestReach> {
    const reply = await this.client.find(at('instances', ref))
    if (reply === null) {
      throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
    }
    if (powerOf(parseInstance(reply.metadata)) !== 'running') {
      throw new DriverError('invalid', 'the instance does not run')
    }
    const command = ['sh', '-c', REACH, 'reach', gateway, name, address, String(port)]
    const { code } = await runCommand(this.client, ref, command, '')
    if (code > HIGHEST) return { gateway: null, names: null, outside: null }
    return {
      gateway: answered(code, GATEWAY),
      names: answered(code, NAMES),
      outside: answered(code, OUTSIDE),
    }
  }

  private async network(name: string): Promise<NetworkHealth> {
    const reply = await this.client.find(at('networks', name))
    if (reply === null) {
      return { name, isThere: false, isUp: null, addresses: [], hasNat: null }
    }
    const { managed, config } = record(reply.metadata)
    // Of a cluster LXD answers for the member that was asked; a bridge is the same on each.
    const state = await this.client.find(at('networks', name, 'state'))
    const { state: link, addresses } = record(state?.metadata)
    return {
      name,
      isThere: true,
      isUp: link === undefined ? null : link === 'up',
      addresses: list(addresses)
        .map(record)
        .filter(({ scope }) => scope === 'global')
        .map((address) => text(address.address) ?? ''),
      hasNat: managed === true ? record(config)['ipv4.nat'] === 'true' : null,
    }
  }
}

function answered(code: number, shift: number): boolean | null {
  const bits = (code >> shift) & 3
  return bits === 0 ? true : bits === 1 ? false : null
}
