import type { DriverName } from '#drivers/contract'
import type Cluster from '#models/cluster'
import type DoctorCheck from '#models/doctor_check'
import type { ExaminationProgress } from '#models/examination'
import {
  DOCTOR_STATES,
  type DoctorCheckName,
  type DoctorSaying,
  type DoctorState,
} from '#models/types'
import texts from '../../resources/lang/en/doctor.json' with { type: 'json' }
import { readMoment } from '#transformers/moment'

const GROUPS = {
  contact: ['reachable', 'certificate', 'trust', 'console_accounts', 'version', 'clock'],
  machines: ['nodes', 'memory', 'storage', 'warnings'],
  network: [
    'network',
    'addresses',
    'forwarder',
    'router',
    'rules',
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

/** A check of a cluster of that kind. */
export function checkItem(
  { name, place, state, saying, measured, since }: DoctorCheck,
  driver: DriverName
) {
  return {
    name,
    place,
    state,
    light: LIGHTS[state],
    saying,
    measured,
    remedy: remedyFor(saying, driver),
    since,
  }
}

/** The key of its text; null: what is in order needs nothing done, nor does what has no remedy of its own. */
function remedyFor(saying: DoctorSaying, driver: DriverName): string | null {
  if (driver === 'proxmox' && saying in texts.proxmox) return `doctor.proxmox.${saying}`
  return saying in texts.todo ? `doctor.todo.${saying}` : null
}

/** How a cluster fares, group by group. */
export function doctorPage(
  { driver }: Cluster,
  checks: DoctorCheck[],
  progress: ExaminationProgress | null
) {
  const items = checks.map((check) => checkItem(check, driver))
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
