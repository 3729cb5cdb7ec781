import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import type {
  Archive,
  BackupApi,
  CarriedArchive,
  InstanceSpec,
  RemoteTask,
  WantedState,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findArchive, type Packed } from '#drivers/fake/copy'
import { findRow } from '#drivers/fake/instance'
import { busy, over, type FakeInstances } from '#drivers/fake/instances'
import { removeInstance, type FakeTasks } from '#drivers/fake/tasks'

/** An archive is a small gzipped text: who it was, and what was on its disk. */
export class FakeBackups implements BackupApi {
  constructor(
    private readonly answers: FakeAnswers,
    private readonly tasks: FakeTasks,
    private readonly instances: FakeInstances
  ) {}

  pack(ref: string, name: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'archived', archive: name }
    return this.answers.change('pack', ref, ({ file, options }) => {
      requireName(name)
      if (!findRow(file, ref)?.made) throw noSuchInstance(ref)
      const running = this.tasks.runningOn(ref)
      if (running?.deed === 'pack' && running.snapshot === name) {
        return { id: running.id, ref, wanted }
      }
      if (findArchive(file, ref, name) !== null) return over(ref, wanted)
      if (running) throw busy(running.deed)
      return this.tasks.begin('pack', ref, wanted, { durationMs: options.packMs, snapshot: name })
    })
  }

  read(ref: string, name: string): Promise<CarriedArchive> {
    return this.answers.give('read', ref, ({ file }) => {
      const content = findArchive(file, ref, name)
      if (content === null) throw new DriverError('not_found', 'the cluster has no such archive')
      const bytes = gzipSync(content)
      return { stream: Readable.from([bytes]), sizeBytes: bytes.length }
    })
  }

  discard(ref: string, name: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'unarchived', archive: name }
    return this.answers.change('discard', ref, ({ file }) => {
      if (findArchive(file, ref, name) === null) return over(ref, wanted)
      const running = this.tasks.runningOn(ref)
      if (running) throw busy(running.deed)
      return this.tasks.begin('discard', ref, wanted, { durationMs: 0, snapshot: name })
    })
  }

  async unpack(spec: InstanceSpec, archive: Archive, source: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'unpacked', source }
    if (!('stream' in archive)) throw new DriverError('unsupported', 'no archives are kept here')
    const packed = unpacked(await buffer(archive.stream))
    return this.answers.change('unpack', spec.ref, ({ file, options }) => {
      this.instances.requirePlace(spec)
      const running = this.tasks.runningOn(spec.ref)
      if (running) throw busy(running.deed)
      const left = this.instances.existing(spec.ref, source)
      if (left) removeInstance(file, left)
      const place = this.instances.chooseNode(spec)
      this.instances.insert({ ...spec, stamp: packed.stamp ?? '', addresses: [] }, place)
      file.run(
        'UPDATE instances SET authorized_keys = ? WHERE ref = ?',
        packed.authorized_keys,
        spec.ref
      )
      return this.tasks.begin('unpack', spec.ref, wanted, { durationMs: options.createMs })
    })
  }

  adopt(spec: InstanceSpec, source: string): Promise<RemoteTask> {
    const wanted: WantedState = { is: 'present', stamp: spec.stamp }
    return this.answers.change('adopt', spec.ref, ({ file }) => {
      const row = findRow(file, spec.ref)
      if (!row) throw noSuchInstance(spec.ref)
      if (row.stamp === spec.stamp) return over(spec.ref, wanted)
      this.instances.existing(spec.ref, source)
      file.run(
        'UPDATE instances SET stamp = ?, addresses = ?, mac_address = ? WHERE ref = ?',
        spec.stamp,
        JSON.stringify(spec.addresses),
        spec.macAddress ?? row.mac_address,
        spec.ref
      )
      for (const { address } of spec.addresses) {
        file.run('INSERT OR IGNORE INTO leases (address, ref) VALUES (?, ?)', address, spec.ref)
      }
      return over(spec.ref, wanted)
    })
  }
}

function unpacked(bytes: Buffer): Packed {
  try {
    return JSON.parse(gunzipSync(bytes).toString('utf8')) as Packed
  } catch (error) {
    throw new DriverError('invalid', 'this is no archive of an instance', { cause: error })
  }
}

function noSuchInstance(ref: string): DriverError {
  return new DriverError('not_found', `there is no instance ${ref} on this cluster`)
}

function requireName(name: string): void {
  if (/^[a-zA-Z0-9][\w.-]*$/.test(name)) return
  throw new DriverError('invalid', 'an archive is called by letters, digits, dots and hyphens')
}
