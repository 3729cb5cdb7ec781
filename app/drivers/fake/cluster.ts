import type { RemoteImage, RemoteNetwork, Size, SpecAddress } from '#drivers/contract'
import { hashPassword } from '#drivers/fake/driver'
import { addFault, type FakeCall, type Fault } from '#drivers/fake/faults'
import { FakeFile, pathOf } from '#drivers/fake/file'
import {
  findRow,
  giveAddresses,
  giveCards,
  sizeOfRow,
  cardsOfRow,
  type FakeCard,
} from '#drivers/fake/instance'
import { randomMac } from '#drivers/fake/instances'
import { writeOptions, type FakeOptions } from '#drivers/fake/options'
import { addLoad, removeInstance } from '#drivers/fake/tasks'
import { DEFAULT_WORLD, type FakeWorld } from '#drivers/fake/world'

/** An instance that was there before anybody asked, running. */
export type FoundInstance = {
  ref: string
  stamp?: string | null
  node?: string
  size?: Partial<Size>
  addresses?: SpecAddress[]
  power?: 'running' | 'stopped'
  /** Milliseconds since 1970; left out: now. */
  startedAt?: number
}

type WorkKey = 'cpuMs' | 'receivedBytes' | 'sentBytes'

const USUAL_SIZE: Size = {
  cpus: 1,
  memoryMib: 1_024,
  diskGib: 10,
  ingressMbps: null,
  egressMbps: null,
}

/**
 * The hand that moves a fake cluster from outside, also from another process: it makes one, and tells it
 * how to behave. Demo, tests and benches use it; the driver never does.
 */
export class FakeCluster {
  private constructor(
    readonly endpoint: string,
    private readonly file: FakeFile
  ) {}

  /** A fresh one in the place of what was there. */
  static create(endpoint: string, world: Partial<FakeWorld> = {}): FakeCluster {
    const cluster = new FakeCluster(endpoint, FakeFile.create(pathOf(endpoint)))
    cluster.furnish({ ...DEFAULT_WORLD, ...world })
    return cluster
  }

  static open(endpoint: string): FakeCluster {
    return new FakeCluster(endpoint, FakeFile.open(pathOf(endpoint)))
  }

  configure(options: Partial<FakeOptions>): void {
    writeOptions(this.file, options)
  }

  /** The next such call throws and does nothing. */
  refuseNext(call: FakeCall | '*', fault: Fault = {}): void {
    addFault(this.file, call, 'refuse', fault)
  }

  /** The next such call is accepted, and its task fails. */
  failNext(call: FakeCall, fault: Fault = {}): void {
    addFault(this.file, call, 'fail', fault)
  }

  /** The next such call is carried out, and its caller hears nothing but a time-out. */
  loseNextAnswer(call: FakeCall, fault: Fault = {}): void {
    addFault(this.file, call, 'lose_answer', fault)
  }

  /** The next such call is carried out, and its task is unknown at once. */
  forgetNext(call: FakeCall, fault: Fault = {}): void {
    addFault(this.file, call, 'forget', fault)
  }

  clearFaults(): void {
    this.file.run('DELETE FROM faults')
  }

  goOffline(): void {
    this.configure({ offline: 1 })
  }

  comeBack(): void {
    this.configure({ offline: 0 })
  }

  setNodeOnline(name: string, online: boolean): void {
    this.file.run('UPDATE nodes SET online = ? WHERE name = ?', Number(online), name)
  }

  /** What goes on goes on; nobody can ask for it any more. */
  forgetTasks(): void {
    this.file.run('UPDATE tasks SET forgotten = 1')
  }

  /** As a daemon that was killed: what was going on is left half done, and every task is forgotten. */
  restart(): void {
    this.file.run("DELETE FROM tasks WHERE state = 'running'")
    this.forgetTasks()
  }

  /** From now on the guest does not hear that it should stop. */
  ignoreStop(ref: string): void {
    this.file.run('UPDATE instances SET ignores_stop = 1 WHERE ref = ?', ref)
  }

  /** The guest works, sends and receives so much since its start, beside what it uses by itself. */
  use(
    ref: string,
    { cpuMs = 0, receivedBytes = 0, sentBytes = 0 }: Partial<Record<WorkKey, number>>
  ): void {
    const startedAt = findRow(this.file, ref)!.started_at!
    this.file.run(
      `INSERT INTO work (ref, started_at, cpu_ms, received_bytes, sent_bytes)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT (ref) DO UPDATE SET
         cpu_ms = excluded.cpu_ms + iif(started_at = excluded.started_at, cpu_ms, 0),
         received_bytes = excluded.received_bytes + iif(started_at = excluded.started_at, received_bytes, 0),
         sent_bytes = excluded.sent_bytes + iif(started_at = excluded.started_at, sent_bytes, 0),
         started_at = excluded.started_at`,
      ref,
      startedAt,
      cpuMs,
      receivedBytes,
      sentBytes
    )
  }

  /** It rebooted by itself: every counter begins again. */
  reboot(ref: string, at = Date.now()): void {
    this.file.run('UPDATE instances SET started_at = ? WHERE ref = ?', at, ref)
  }

  /** Somebody stopped or started it behind our back. */
  turn(ref: string, power: 'running' | 'stopped'): void {
    const startedAt = power === 'running' ? Date.now() : null
    this.file.run(
      'UPDATE instances SET power = ?, started_at = ? WHERE ref = ?',
      power,
      startedAt,
      ref
    )
  }

  /** Somebody changed it behind our back. */
  alter(
    ref: string,
    changes: {
      size?: Partial<Size>
      addresses?: SpecAddress[]
      stamp?: string | null
      /** In the place of those it has. */
      cards?: FakeCard[]
    }
  ): void {
    const row = findRow(this.file, ref)!
    const { cpus, memoryMib, diskGib, ingressMbps, egressMbps } = {
      ...sizeOfRow(row),
      ...changes.size,
    }
    this.file.run(
      `UPDATE instances SET cpus = ?, memory_mib = ?, disk_gib = ?, ingress_mbps = ?,
         egress_mbps = ?, stamp = ? WHERE ref = ?`,
      cpus,
      memoryMib,
      diskGib,
      ingressMbps,
      egressMbps,
      changes.stamp === undefined ? row.stamp : changes.stamp,
      ref
    )
    addLoad(this.file, row.node, memoryMib - row.memory_mib, diskGib - row.disk_gib)
    if (changes.addresses) giveAddresses(this.file, ref, changes.addresses)
    if (changes.cards) giveCards(this.file, ref, changes.cards)
  }

  /** Somebody removed it behind our back. */
  lose(ref: string): void {
    const row = findRow(this.file, ref)
    if (row) removeInstance(this.file, row)
  }

  /** Instances by the thousand, in one transaction. */
  add(instances: Iterable<FoundInstance>): void {
    this.file.transaction(() => {
      for (const instance of instances) this.insert(instance)
    })
  }

  addNode({ name, cpus, memoryMib, diskGib }: FakeWorld['nodes'][number]): void {
    this.file.run(
      'INSERT INTO nodes (name, cpus, memory_mib, disk_gib) VALUES (?, ?, ?, ?)',
      name,
      cpus,
      memoryMib,
      diskGib
    )
  }

  /** Of an instance, beside the first one. */
  cards(ref: string): FakeCard[] {
    return cardsOfRow(findRow(this.file, ref)!)
  }

  addNetwork(name: string): void {
    this.insertNetwork({ name, type: 'bridge', managed: true, ipv4: null, ipv6: null })
  }

  count(): number {
    return this.file.get<{ total: number }>('SELECT count(*) AS total FROM instances')!.total
  }

  /** Where a packet ends that arrives there: `ref:port` of an instance; null when nobody takes it. */
  reach(address: string, protocol: 'tcp' | 'udp', port: number): string | null {
    const row = this.file.get<{ instance: string; target_port: number; first_port: number }>(
      `SELECT instance, target_port, first_port FROM forwards
       WHERE listen_address = ? AND protocol = ? AND ? BETWEEN first_port AND last_port`,
      address,
      protocol,
      port
    )
    return row ? `${row.instance}:${row.target_port + port - row.first_port}` : null
  }

  /** As after a reboot of whatever carries them. */
  loseForwards(): void {
    this.file.run('DELETE FROM forwards')
  }

  /** Somebody's own, made behind our back. */
  placeForeignForward(
    address: string,
    protocol: 'tcp' | 'udp',
    port: number,
    target: string,
    targetPort: number
  ): void {
    this.file.run(
      'INSERT INTO forwards VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      `foreign-${protocol}-${port}`,
      protocol,
      address,
      port,
      port,
      target,
      '192.0.2.1',
      targetPort
    )
  }

  /** As one of ours whose removal was forgotten. */
  placeStrayForward(address: string, protocol: 'tcp' | 'udp', port: number, target: string): void {
    this.file.run(
      'INSERT INTO forwards VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      `fstray${port}`,
      protocol,
      address,
      port,
      port,
      target,
      '192.0.2.1',
      port
    )
  }

  countForwards(): number {
    return this.file.get<{ total: number }>('SELECT count(*) AS total FROM forwards')!.total
  }

  /** Addresses that more than one instance holds. */
  duplicateAddresses(): string[] {
    return this.file
      .all<{
        address: string
      }>('SELECT address FROM leases GROUP BY address HAVING count(*) > 1')
      .map(({ address }) => address)
  }

  isRootPassword(ref: string, password: string): boolean {
    return findRow(this.file, ref)?.password_hash === hashPassword(ref, password)
  }

  authorizedKeys(ref: string): string[] {
    return (findRow(this.file, ref)?.authorized_keys ?? '').split('\n').filter(Boolean)
  }

  hostName(ref: string): string | null {
    return findRow(this.file, ref)?.host_name ?? null
  }

  close(): void {
    this.file.close()
  }

  private furnish({ nodes, images, storagePools, networks }: FakeWorld): void {
    this.file.transaction(() => {
      for (const node of nodes) this.addNode(node)
      for (const image of images) this.insertImage(image)
      for (const { name, type } of storagePools) {
        this.file.run('INSERT INTO storage_pools (name, type) VALUES (?, ?)', name, type)
      }
      for (const network of networks) this.insertNetwork(network)
    })
  }

  private insertImage(image: RemoteImage): void {
    this.file.run('INSERT INTO images (ref, image) VALUES (?, ?)', image.ref, JSON.stringify(image))
  }

  private insertNetwork(network: RemoteNetwork): void {
    this.file.run(
      'INSERT INTO networks (name, network) VALUES (?, ?)',
      network.name,
      JSON.stringify(network)
    )
  }

  private insert({
    ref,
    stamp = null,
    node,
    size,
    addresses = [],
    power,
    startedAt = Date.now(),
  }: FoundInstance): void {
    const { cpus, memoryMib, diskGib, ingressMbps, egressMbps } = { ...USUAL_SIZE, ...size }
    const place = node ?? this.file.get<{ name: string }>('SELECT name FROM nodes LIMIT 1')!.name
    const isUp = power !== 'stopped'
    this.file.run(
      `INSERT INTO instances (ref, stamp, node, kind, made, power, started_at, cpus, memory_mib,
         disk_gib, ingress_mbps, egress_mbps, mac_address, addresses)
       VALUES (?, ?, ?, 'container', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ref,
      stamp,
      place,
      isUp ? 'running' : 'stopped',
      isUp ? startedAt : null,
      cpus,
      memoryMib,
      diskGib,
      ingressMbps,
      egressMbps,
      randomMac(),
      JSON.stringify(addresses)
    )
    for (const { address } of addresses) {
      this.file.run('INSERT INTO leases (address, ref) VALUES (?, ?)', address, ref)
    }
    addLoad(this.file, place, memoryMib, diskGib)
  }
}
