import { DriverError, type DriverErrorKind } from '#drivers/errors'
import type { FakeFile } from '#drivers/fake/file'

export type FakeCall =
  | 'probe'
  | 'poll'
  | 'nodes'
  | 'images'
  | 'storage_pools'
  | 'networks'
  | 'find'
  | 'list'
  | 'create'
  | 'start'
  | 'stop'
  | 'force_stop'
  | 'restart'
  | 'resize'
  | 'retire'
  | 'move'
  | 'cards'
  | 'disks'
  | 'attach'
  | 'detach'
  | 'recall'
  | 'destroy'
  | 'set_root_password'
  | 'authorize_keys'
  | 'revoke_keys'
  | 'set_host_name'
  | 'start_log'
  | 'usage'
  | 'inspect'
  | 'restamp'
  | 'assign'
  | 'network_health'
  | 'warnings'
  | 'reach'
  | 'watch'
  | 'snapshots'
  | 'snapshot'
  | 'restore'
  | 'remove_snapshot'
  | 'console'
  | 'screen'
  | 'tasks'
  | 'pack'
  | 'read'
  | 'discard'
  | 'unpack'
  | 'adopt'
  | 'forward'
  | 'unforward'
  | 'forwards'

/**
 * refuse: the call throws and does nothing. fail: it is accepted, its task fails. lose_answer: it is done,
 * but the caller hears a time-out. forget: it is accepted and goes on, but its task is unknown afterwards.
 */
export type FaultEffect = 'refuse' | 'fail' | 'lose_answer' | 'forget'

export type Fault = {
  /** Of this instance only. */
  ref?: string
  kind?: DriverErrorKind
  reason?: string
  /** How many calls it strikes. */
  times?: number
}

type FaultRow = { id: number; kind: DriverErrorKind | null; reason: string | null }

export function addFault(
  file: FakeFile,
  call: FakeCall | '*',
  effect: FaultEffect,
  { ref, kind, reason, times = 1 }: Fault
): void {
  file.run(
    'INSERT INTO faults (call, effect, ref, kind, reason, times) VALUES (?, ?, ?, ?, ?, ?)',
    call,
    effect,
    ref ?? null,
    kind ?? null,
    reason ?? null,
    times
  )
}

/** The fault that strikes this call, used up by it; null in the usual case. */
export function takeFault(
  file: FakeFile,
  call: FakeCall,
  effect: FaultEffect,
  ref: string | null
): FaultRow | null {
  const find = () =>
    file.get<FaultRow>(
      `SELECT id, kind, reason FROM faults WHERE effect = ? AND call IN (?, '*')
       AND (ref IS NULL OR ref = ?) AND times > 0 ORDER BY id LIMIT 1`,
      effect,
      call,
      ref
    )
  if (!find()) return null
  return file.transaction(() => {
    const fault = find()
    if (fault) file.run('UPDATE faults SET times = times - 1 WHERE id = ?', fault.id)
    return fault ?? null
  })
}

export function toError(fault: FaultRow, otherwise: DriverErrorKind): DriverError {
  return new DriverError(fault.kind ?? otherwise, fault.reason ?? 'the fake cluster was told so')
}
