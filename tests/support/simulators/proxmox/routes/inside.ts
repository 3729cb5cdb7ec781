import type { Guest } from '../guest.js'
import { Refusal } from '../refusal.js'
import type { Routes } from './route.js'

const MIB = 2 ** 20
/** Rows of 8.4: seventy of each. */
const ROWS = 70
const STEP_SECONDS: Record<string, number> = {
  hour: 60,
  day: 30 * 60,
  week: 3 * 3_600,
  month: 12 * 3_600,
  year: 7 * 86_400,
}

/** What is measured in a container and on a node, and what a container says of itself. */
export const INSIDE: Routes = {
  'GET /nodes/{node}/lxc/{vmid}/interfaces': ({ given, cluster }) => {
    const guest = cluster.guest(given)
    if (!guest.isRunning) throw new Refusal(500, `CT ${given.vmid} not running`)
    const nets = Object.keys(guest.config).filter((key) => /^net\d+$/.test(key))
    return [
      shownInterface('lo', '00:00:00:00:00:00', ['127.0.0.1/8'], ['::1/128']),
      ...nets.map((key) => {
        const { name, hwaddr, ip = '', ip6 = '' } = guest.network(key)
        const address4 = ip === 'dhcp' ? `10.250.80.${100 + (guest.vmid % 100)}/24` : ip
        const address6 = [ip6, linkLocal(hwaddr!)].filter((address) => address.includes('/'))
        return shownInterface(
          name!,
          hwaddr!.toLowerCase(),
          address4.includes('/') ? [address4] : [],
          address6
        )
      }),
    ]
  },
  'GET /nodes/{node}/lxc/{vmid}/rrddata': ({ given, cluster }) => {
    const guest = cluster.guest(given)
    const { cpus } = cluster.node(given.node!)
    return rows(given.timeframe!, (time, step) =>
      isMeasured(guest, time, step) ? guestRow(guest, time, cpus) : {}
    )
  },
  'GET /nodes/{node}/rrddata': ({ given, cluster }) => {
    const node = cluster.node(given.node!)
    return rows(given.timeframe!, (time) => ({
      maxcpu: node.cpus,
      cpu: wave(time, 0.1),
      loadavg: wave(time, 0.5),
      memtotal: node.memoryMib * MIB,
      memused: Math.round(node.memoryMib * MIB * wave(time, 0.3)),
      netin: wave(time, 90_000),
      netout: wave(time, 60_000),
    }))
  },
}

function rows(timeframe: string, row: (time: number, step: number) => Record<string, number>) {
  const step = STEP_SECONDS[timeframe]!
  const last = Math.floor(Date.now() / 1_000 / step) * step
  return Array.from({ length: ROWS }, (_, at) => {
    const time = last - (ROWS - 1 - at) * step
    return { time, ...row(time, step) }
  })
}

/** Before it was made there is only the time. */
function isMeasured({ bornAt }: Guest, time: number, step: number): boolean {
  return time + step > bornAt / 1_000 + step / 2
}

function guestRow(guest: Guest, time: number, hostCpus: number): Record<string, number> {
  const { maxmem, maxdisk, disk, cpus } = guest.shownStatus(hostCpus)
  const steady = {
    maxcpu: Number(cpus),
    maxmem: Number(maxmem),
    maxdisk: Number(maxdisk),
    disk: Number(disk),
  }
  if (!guest.isRunning) {
    return { ...steady, cpu: 0, mem: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 }
  }
  return {
    ...steady,
    cpu: wave(time, 0.15),
    mem: Math.round(Number(maxmem) * wave(time, 0.4)),
    netin: wave(time, 12_000),
    netout: wave(time, 30_000),
    diskread: wave(time, 4_096),
    diskwrite: wave(time, 16_384),
  }
}

/** Goes up and down once in twenty minutes, always the same at the same time. */
function wave(time: number, middle: number): number {
  return middle * (1 + 0.5 * Math.sin((time / 1_200) * 2 * Math.PI))
}

function shownInterface(name: string, hwaddr: string, inet: string[], inet6: string[]) {
  const addresses = [
    ...inet.map((address) => ({ 'ip-address-type': 'inet', ...halves(address) })),
    ...inet6.map((address) => ({ 'ip-address-type': 'inet6', ...halves(address) })),
  ]
  return {
    name,
    hwaddr,
    'hardware-address': hwaddr,
    ...(inet[0] && { inet: inet[0] }),
    ...(inet6[0] && { inet6: inet6[0] }),
    'ip-addresses': addresses,
  }
}

function halves(address: string) {
  const [ip, prefix] = address.split('/')
  return { 'ip-address': ip, prefix }
}

function linkLocal(mac: string): string {
  const [a, b, c, d, e, f] = mac.split(':').map((part) => Number.parseInt(part, 16))
  const groups = [((a! ^ 2) << 8) | b!, (c! << 8) | 0xff, 0xfe00 | d!, (e! << 8) | f!]
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}/64`
}
