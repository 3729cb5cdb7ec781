import { html } from './html.js'

type Door = 'lit' | 'empty' | 'work' | 'barred' | 'crossed' | 'dashed'

/** Every state is a doorway; shape and colour say the same. The drawings are symbols in layouts/base. */
export const DOORS: Record<string, Door> = {
  running: 'lit',
  succeeded: 'lit',
  online: 'lit',
  available: 'lit',
  verified: 'lit',
  unchanged: 'lit',
  active: 'lit',

  stopped: 'empty',
  frozen: 'empty',
  queued: 'empty',
  cancelled: 'empty',
  retired: 'empty',
  waiting: 'empty',
  delayed: 'empty',

  working: 'work',
  creating: 'work',
  starting: 'work',
  stopping: 'work',
  restarting: 'work',
  deleting: 'work',

  needs_attention: 'barred',
  compensating: 'barred',
  suspended: 'barred',
  closed: 'barred',
  pending: 'barred',
  unverified: 'barred',

  failed: 'crossed',
  refused: 'crossed',
  error: 'crossed',
  expired: 'crossed',
  revoked: 'crossed',
  disabled: 'crossed',

  unknown: 'dashed',
  silent: 'dashed',
  offline: 'dashed',
  missing: 'dashed',
}

const TONES: Record<Door, string> = {
  lit: 'tone-success',
  empty: 'tone-quiet',
  work: 'door-work tone-work',
  barred: 'tone-warning',
  crossed: 'tone-error',
  dashed: 'tone-quiet',
}

const drawn = Object.fromEntries(
  Object.entries(TONES).map(([name, tone]) => [
    name,
    html.safe(
      `<svg class="door ${tone}" viewBox="0 0 9 12" aria-hidden="true"><use href="#door-${name}"/></svg>`
    ),
  ])
) as Record<Door, ReturnType<typeof html.safe>>

/** The light of a state. One that is not in the list is drawn as "we do not know". */
export function door(state: string) {
  return drawn[DOORS[state] ?? 'dashed']
}
