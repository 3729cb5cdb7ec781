import { appUrl } from '#config/app'
import { CONSOLE_PROTOCOL, consoleLimits } from '#config/console'
import type Instance from '#models/instance'
import type Organization from '#models/organization'

/** How a console is opened: its socket, and what is asked for there among the protocols. */
export function apiConsoleTicket({ slug }: Organization, { uid }: Instance, ticket: string) {
  const home = `${appUrl.replace(/^http/, 'ws')}/api/v1/organizations/${slug}`
  return {
    ticket,
    url: `${home}/instances/${uid}/console/socket`,
    protocols: [CONSOLE_PROTOCOL, `ticket.${ticket}`],
    expires_in: Math.round(consoleLimits.ticketMs / 1_000),
  }
}
