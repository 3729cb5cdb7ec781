import { consoleLimits } from '#config/console'
import { CONSOLE_ROLE } from '#models/console_session'
import type Instance from '#models/instance'
import type Membership from '#models/membership'
import { CONSOLE_ENDINGS, type ConsoleView } from '#models/types'
import { refusal } from '#transformers/instance_refusals'

const MINUTE_MS = 60_000

/** What can be opened, and why not. Needs `Instance.forPage`. */
export function consolePage(
  instance: Instance,
  membership: Membership,
  path: string,
  { kinds, chosen }: { kinds: readonly ConsoleView[]; chosen: ConsoleView }
) {
  return {
    why: refusal(instance, membership, {
      role: CONSOLE_ROLE,
      at: 'running',
      facet: 'console',
      evenBusy: true,
    }),
    kind: chosen,
    kinds: kinds.map((kind) => ({
      kind,
      href: `${path}/console?kind=${kind}`,
      isActive: kind === chosen,
    })),
    ticketPath: `${path}/console/tickets`,
    socketPath: `${path}/console/socket`,
    idleMinutes: Math.round(consoleLimits.idleMs / MINUTE_MS),
    endings: [...CONSOLE_ENDINGS, 'refused'],
  }
}
