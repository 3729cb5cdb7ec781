import type Visit from '#models/visit'
import type { VisitPage } from '#models/types'

/** Where the pages of a visit begin. */
export const VISIT_HOME = '/visit'

const PATHS: Record<VisitPage, string> = {
  overview: '',
  usage: '/usage',
  console: '/console',
  screen: '/console?kind=screen',
  port_forwards: '/port-forwards',
  snapshots: '/snapshots',
  access: '/access',
  history: '/history',
}

/** Where it begins. */
export function visitPath({ instance, page }: Visit): string {
  return `${VISIT_HOME}/instances/${instance.uid}${PATHS[page]}`
}

/** Who a member of the organization is, is nothing to a visitor. */
export function nameFor(home: string, person: { displayName: string } | null): string | null {
  return home === VISIT_HOME ? null : (person?.displayName ?? null)
}
