import { setTimeout as sleep } from 'node:timers/promises'
import { list, record } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { DriverError } from '#drivers/errors'
import type { Forward } from '#forwarders/contract'
import { finished, readInstances, type Host } from '#forwarders/lxd/instances'
import type { SignedForward } from '#forwarders/lxd/network_forwards'

/** In front of our ref in the name of a device. */
const MARK = 'portico-'
const TRIES = 8
const LEAVING_MS = 250

type Device = Record<string, string>

/** LXD's proxy devices: one of an instance for each forward; other devices stay as they are. */
export class ProxyDevices {
  constructor(private readonly client: LxdClient) {}

  async ensure(host: Host, forwards: Forward[]): Promise<void> {
    const missing = forwards.filter(
      (forward) => signature(host.devices[nameOf(forward.ref)]) !== this.signatureOf(forward)
    )
    if (missing.length === 0) return
    const add = Object.fromEntries(
      missing.map((forward) => [nameOf(forward.ref), deviceOf(forward)])
    )
    const place = () => this.change(host.ref, (devices) => ({ ...devices, ...add }))
    try {
      await place()
    } catch (error) {
      if (!isTaken(error) || !(await this.makeRoom(missing))) throw error
      await untilFree(place)
    }
  }

  async remove(instance: string, refs: string[]): Promise<void> {
    const names = refs.map(nameOf)
    if (names.length === 0) return
    await this.change(instance, (devices) =>
      Object.fromEntries(Object.entries(devices).filter(([name]) => !names.includes(name)))
    )
  }

  list(hosts: Map<string, Host>): SignedForward[] {
    return [...hosts.values()].flatMap(({ ref: instance, devices }) =>
      Object.entries(devices)
        .filter(([name, { type }]) => type === 'proxy' && name.startsWith(MARK))
        .map(([name, device]) => ({
          ref: name.slice(MARK.length),
          instance,
          signature: signature(device),
        }))
    )
  }

  signatureOf(forward: Forward): string {
    return signature(deviceOf(forward))
  }

  /** Others of ours that still listen there: they were left over when the port went to somebody else. */
  private async makeRoom(forwards: Forward[]): Promise<boolean> {
    const wanted = new Set(forwards.map(({ ref }) => ref))
    const listens = new Set(forwards.flatMap(addressesOf))
    const hosts = await readInstances(this.client)
    const stale = this.list(hosts).filter(({ ref, instance }) => {
      const device = hosts.get(instance!)!.devices[nameOf(ref)]!
      return !wanted.has(ref) && expand(device.listen ?? '').some((address) => listens.has(address))
    })
    for (const { ref, instance } of stale) await this.remove(instance!, [ref])
    return stale.length > 0
  }

  /** The instance as a whole: only so does a device go away. Gone altogether: nothing hangs on it. */
  private async change(
    instance: string,
    change: (devices: Record<string, Device>) => Record<string, Device>
  ): Promise<void> {
    const path = at('instances', instance)
    for (let attempt = 1; ; attempt++) {
      const reply = await this.client.find(path)
      if (reply === null) return
      const found = record(reply.metadata)
      const devices = record(found.devices) as Record<string, Device>
      const changed = change(devices)
      if (JSON.stringify(changed) === JSON.stringify(devices)) return
      const { architecture, config, description, ephemeral, profiles, stateful } = found
      const json = {
        architecture,
        config: record(config),
        description,
        ephemeral,
        profiles: list(profiles),
        stateful,
        devices: changed,
      }
      try {
        const headers = reply.etag ? { 'if-match': reply.etag } : undefined
        const answer = await this.client.request('PUT', path, { headers, body: { json } })
        return await finished(this.client, answer)
      } catch (error) {
        const isRace = error instanceof DriverError && error.kind === 'busy'
        if (!isRace || attempt === TRIES) throw error
      }
    }
  }
}

/** What listened there is on its way out: LXD does not wait for the end of its process. */
async function untilFree(place: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await place()
    } catch (error) {
      if (!isTaken(error) || attempt === TRIES) throw error
      await sleep(LEAVING_MS)
    }
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof DriverError && error.kind === 'already_exists'

const nameOf = (ref: string): string => `${MARK}${ref}`

function deviceOf({ protocol, listenAddress, firstPort, lastPort, target }: Forward): Device {
  const lastTarget = target.firstPort + lastPort - firstPort
  return {
    type: 'proxy',
    bind: 'host',
    listen: `${protocol}:${hostOf(listenAddress)}:${range(firstPort, lastPort)}`,
    connect: `${protocol}:${hostOf(target.address)}:${range(target.firstPort, lastTarget)}`,
  }
}

const signature = (device: Device | undefined): string =>
  device?.type === 'proxy' ? `${device.listen} ${device.connect}` : ''

const addressesOf = (forward: Forward): string[] => expand(deviceOf(forward).listen!)

/** `tcp:127.0.0.1:5-6` as each of its ports. */
function expand(listen: string): string[] {
  const [, place, first, last = first] = /^(.*):(\d+)(?:-(\d+))?$/.exec(listen) ?? []
  if (!place) return []
  const count = Number(last) - Number(first) + 1
  return Array.from({ length: count }, (_, index) => `${place}:${Number(first) + index}`)
}

const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address)

const range = (first: number, last: number): string =>
  first === last ? String(first) : `${first}-${last}`
