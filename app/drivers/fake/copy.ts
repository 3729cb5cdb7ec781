import type { Size, WantedState } from '#drivers/contract'
import type { FakeFile } from '#drivers/fake/file'
import type { InstanceRow } from '#drivers/fake/instance'

export type CopyWanted = Extract<
  WantedState,
  { snapshot: string } | { archive: string } | { source: string }
>

/** What a snapshot keeps of its instance: what is on the disk, and the limits of that time. */
export type SnapshotRow = Pick<
  InstanceRow,
  | 'ref'
  | 'cpus'
  | 'memory_mib'
  | 'disk_gib'
  | 'ingress_mbps'
  | 'egress_mbps'
  | 'password_hash'
  | 'authorized_keys'
> & { name: string; created_at: number }

export function findSnapshot(file: FakeFile, ref: string, name: string): SnapshotRow | null {
  const sql = 'SELECT * FROM snapshots WHERE ref = ? AND name = ?'
  return file.get<SnapshotRow>(sql, ref, name) ?? null
}

export function isAboutCopy(wanted: WantedState): wanted is CopyWanted {
  return 'snapshot' in wanted || 'archive' in wanted || 'source' in wanted
}

export function isCopyAsWanted(file: FakeFile, ref: string, wanted: CopyWanted): boolean {
  switch (wanted.is) {
    case 'snapshotted':
      return findSnapshot(file, ref, wanted.snapshot) !== null
    case 'unsnapshotted':
      return findSnapshot(file, ref, wanted.snapshot) === null
    case 'archived':
      return findArchive(file, ref, wanted.archive) !== null
    case 'unarchived':
      return findArchive(file, ref, wanted.archive) === null
    case 'restored':
    case 'unpacked':
      return false
  }
}

/** What of an instance stands in its archive. */
export type Packed = Pick<InstanceRow, 'stamp' | 'disk_gib' | 'authorized_keys'>

/** null: there is none. */
export function findArchive(file: FakeFile, ref: string, name: string): string | null {
  const sql = 'SELECT content FROM archives WHERE ref = ? AND name = ?'
  return file.get<{ content: string }>(sql, ref, name)?.content ?? null
}

export function packDisk(file: FakeFile, row: InstanceRow, name: string): void {
  const { stamp, disk_gib: diskGib, authorized_keys: keys } = row
  const packed: Packed = { stamp, disk_gib: diskGib, authorized_keys: keys }
  file.run(
    'INSERT OR IGNORE INTO archives (ref, name, content) VALUES (?, ?, ?)',
    row.ref,
    name,
    JSON.stringify(packed)
  )
}

export function dropArchive(file: FakeFile, ref: string, name: string): void {
  file.run('DELETE FROM archives WHERE ref = ? AND name = ?', ref, name)
}

export function takeSnapshot(file: FakeFile, row: InstanceRow, name: string, at: number): void {
  file.run(
    `INSERT OR IGNORE INTO snapshots (ref, name, created_at, cpus, memory_mib, disk_gib, ingress_mbps,
       egress_mbps, password_hash, authorized_keys) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.ref,
    name,
    at,
    row.cpus,
    row.memory_mib,
    row.disk_gib,
    row.ingress_mbps,
    row.egress_mbps,
    row.password_hash,
    row.authorized_keys
  )
}

/** Answers with the limits of that time, as real clusters bring them back; null: it is gone. */
export function restoreDisk(file: FakeFile, ref: string, name: string): Size | null {
  const kept = findSnapshot(file, ref, name)
  if (!kept) return null
  file.run(
    'UPDATE instances SET password_hash = ?, authorized_keys = ? WHERE ref = ?',
    kept.password_hash,
    kept.authorized_keys,
    ref
  )
  return {
    cpus: kept.cpus,
    memoryMib: kept.memory_mib,
    diskGib: kept.disk_gib,
    ingressMbps: kept.ingress_mbps,
    egressMbps: kept.egress_mbps,
  }
}

export function dropSnapshot(file: FakeFile, ref: string, name: string): void {
  file.run('DELETE FROM snapshots WHERE ref = ? AND name = ?', ref, name)
}
