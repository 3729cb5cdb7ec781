import type {
  CardSpec,
  FoundCard,
  InstanceKind,
  PowerState,
  RemoteInstance,
  Size,
  SpecAddress,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeFile } from '#drivers/fake/file'
import { isSameSize } from '#drivers/sizes'

export type InstanceRow = {
  ref: string
  stamp: string | null
  node: string
  kind: InstanceKind
  /** 0 while it is being made. */
  made: number
  power: PowerState
  started_at: number | null
  ignores_stop: number
  /** 1: without its network card. */
  retired: number
  cpus: number
  memory_mib: number
  disk_gib: number
  ingress_mbps: number | null
  egress_mbps: number | null
  mac_address: string
  addresses: string
  /** Those beside the first one. */
  cards: string
  password_hash: string | null
  authorized_keys: string | null
  /** What the guest was told to call itself. */
  host_name: string | null
}

/** What is judged by the instance alone. */
export type InstanceWanted = Exclude<
  WantedState,
  { snapshot: string } | { archive: string } | { source: string }
>

export function findRow(file: FakeFile, ref: string): InstanceRow | null {
  return file.get<InstanceRow>('SELECT * FROM instances WHERE ref = ?', ref) ?? null
}

/** @throws DriverError not_found, invalid */
export function requireRunning(row: InstanceRow | null, ref: string): void {
  if (!row) throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
  if (row.power !== 'running') throw new DriverError('invalid', 'the instance does not run')
}

export function sizeOfRow(row: InstanceRow): Size {
  return {
    cpus: row.cpus,
    memoryMib: row.memory_mib,
    diskGib: row.disk_gib,
    ingressMbps: row.ingress_mbps,
    egressMbps: row.egress_mbps,
  }
}

export function toRemoteInstance(row: InstanceRow, bootMs: number): RemoteInstance {
  const isUp = row.started_at !== null && row.started_at + bootMs <= Date.now()
  const addresses = heldBy(row)
  return {
    ref: row.ref,
    stamp: row.stamp,
    node: row.node,
    kind: row.kind,
    power: row.made ? row.power : 'unknown',
    startedAt: isoTime(row.started_at),
    size: sizeOfRow(row),
    addresses:
      isUp && !row.retired ? addresses.map(({ family, address }) => ({ family, address })) : [],
    macAddress: row.retired ? null : row.mac_address,
    vendorState: row.made ? row.power : 'incomplete',
  }
}

/** `isForeign`: somebody attached it past Portico. */
export type FakeCard = CardSpec & { isForeign?: true }

export function cardsOfRow({ cards }: InstanceRow): FakeCard[] {
  return JSON.parse(cards) as FakeCard[]
}

export function foundCards(row: InstanceRow): FoundCard[] {
  if (row.retired) return []
  return cardsOfRow(row)
    .map(({ name, network, macAddress, addresses, isForeign }) => ({
      name,
      network,
      macAddress,
      addresses: addresses.map(({ address }) => address),
      isOurs: !isForeign,
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Of all its cards. */
export function heldBy(row: InstanceRow): SpecAddress[] {
  const own = JSON.parse(row.addresses) as SpecAddress[]
  return [...own, ...cardsOfRow(row).flatMap(({ addresses }) => addresses)]
}

/** In the place of those it had. */
export function giveAddresses(file: FakeFile, ref: string, addresses: SpecAddress[]): void {
  file.run('UPDATE instances SET addresses = ? WHERE ref = ?', JSON.stringify(addresses), ref)
  leaseAll(file, ref)
}

export function giveCards(file: FakeFile, ref: string, cards: FakeCard[]): void {
  file.run('UPDATE instances SET cards = ? WHERE ref = ?', JSON.stringify(cards), ref)
  leaseAll(file, ref)
}

/** None while it is retired. */
export function leaseAll(file: FakeFile, ref: string): void {
  file.run('DELETE FROM leases WHERE ref = ?', ref)
  const row = findRow(file, ref)
  if (!row || row.retired) return
  for (const { address } of heldBy(row)) {
    file.run('INSERT INTO leases (address, ref) VALUES (?, ?)', address, ref)
  }
}

export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

export function isFulfilled(wanted: InstanceWanted, row: InstanceRow | null): boolean {
  if (wanted.is === 'absent') return row === null || row.stamp !== wanted.stamp
  if (wanted.is === 'retired' || wanted.is === 'recalled') {
    return row === null || (row.retired === 1) === (wanted.is === 'retired')
  }
  if (row === null || !row.made) return false
  switch (wanted.is) {
    case 'present':
    case 'copied':
      return row.stamp === wanted.stamp
    case 'running':
    case 'stopped':
      return row.power === wanted.is
    case 'attached':
    case 'detached':
      return cardsOfRow(row).some(({ name }) => name === wanted.card) === (wanted.is === 'attached')
    case 'moved':
      return row.node === wanted.node
    case 'sized':
      return isSameSize(sizeOfRow(row), wanted.size)
    case 'restarted': {
      const since = isoTime(row.started_at)
      if (row.power !== 'running' || since === null) return false
      return wanted.startedBefore === null || since > wanted.startedBefore
    }
  }
}
