import {
  DOCTOR_CHECKS,
  DOCTOR_STATES,
  type DoctorCheckName,
  type DoctorMeasured,
  type DoctorSaying,
  type DoctorState,
} from '#models/types'

/** What one look came to. */
export type Verdict = {
  name: DoctorCheckName
  /** A node, network or pool; empty: the whole cluster. */
  place: string
  state: DoctorState
  saying: DoctorSaying
  measured: DoctorMeasured
}

/** `saying` begins with the check and its state: `storage_warn`, `clock_fail`. */
export function verdict(saying: DoctorSaying, measured: DoctorMeasured = {}, place = ''): Verdict {
  const name = DOCTOR_CHECKS.find((check) => saying.startsWith(`${check}_`))!
  const rest = saying.slice(name.length + 1)
  const state = DOCTOR_STATES.find((known) => rest === known || rest.startsWith(`${known}_`))!
  return { name, place, state, saying, measured }
}

/** The share in whole percent; nothing is a share of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 100) : 0
}

/** Which of three sayings fits: below `warn`, below `fail`, or from there on. */
export function graded<Said extends DoctorSaying>(
  value: number,
  { warn, fail }: { warn: number; fail: number },
  sayings: { ok: Said; warn: Said; fail: Said }
): Said {
  if (value >= fail) return sayings.fail
  return value >= warn ? sayings.warn : sayings.ok
}
