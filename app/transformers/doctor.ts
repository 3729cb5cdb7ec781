import type Cluster from '#models/cluster'
import type DoctorCheck from '#models/doctor_check'
import type { ExaminationProgress } from '#models/examination'
import { DOCTOR_STATES, type DoctorCheckName, type DoctorState } from '#models/types'
import texts from '../../resources/lang/en/doctor.json' with { type: 'json' }
import { readMoment } from '#transformers/moment'

const GROUPS = {
  contact: ['reachable', 'certificate', 'trust', 'version', 'clock'],
  machines: ['nodes', 'memory', 'storage', 'warnings'],
  network: [
    'network',
    'addresses',
    'forwarder',
    'ip_forward',
    'forward_policy',
    'forwards',
    'gateway',
    'names',
    'outside',
  ],
  portico: ['images', 'drift', 'operations'],
} as const satisfies Record<string, DoctorCheckName[]>

/** The light of each state. */
const LIGHTS: Record<DoctorState, string> = {
  ok: 'online',
  unknown: 'unknown',
  warn: 'needs_attention',
  fail: 'error',
}

export function checkItem({ name, place, state, saying, measured, since }: DoctorCheck) {
  return {
    name,
    place,
    state,
    light: LIGHTS[state],
    saying,
    measured,
    /** What is in order needs nothing done; nor does what has no remedy of its own. */
    hasTodo: saying in texts.todo,
    since,
  }
}

/** How a cluster fares, group by group. */
export function doctorPage(checks: DoctorCheck[], progress: ExaminationProgress | null) {
  const items = checks.map(checkItem)
  const count = (state: DoctorState) => items.filter((item) => item.state === state).length
  return {
    groups: Object.entries(GROUPS)
      .map(([key, names]: [string, readonly string[]]) => ({
        key,
        checks: items.filter(({ name }) => names.includes(name)),
      }))
      .filter((group) => group.checks.length > 0),
    fail: count('fail'),
    warn: count('warn'),
    isWell: items.length > 0 && count('fail') + count('warn') === 0,
    isEmpty: items.length === 0,
    running: progress?.isRunning
      ? {
          done: progress.done,
          total: progress.total,
          percent: Math.round((progress.done / progress.total) * 100),
        }
      : null,
    examinedAt: progress?.endedAt ? readMoment(progress.endedAt) : null,
  }
}

/** For a terminal and for programs: the worst first. */
export function doctorSummary(cluster: Cluster, checks: DoctorCheck[]) {
  return {
    cluster: cluster.name,
    state: worstOf(checks),
    checks: checks.map(({ name, place, state, saying, measured, since }) => ({
      name,
      place: place || null,
      state,
      saying,
      measured,
      since: since.toUTC().toISO(),
    })),
  }
}

export function worstOf(checks: { state: DoctorState }[]): DoctorState {
  const rank = Math.max(0, ...checks.map(({ state }) => DOCTOR_STATES.indexOf(state)))
  return DOCTOR_STATES[rank]!
}
