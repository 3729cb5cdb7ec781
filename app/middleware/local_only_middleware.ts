import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { NotFound } from '#exceptions/domain_error'

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * For a browser on this very machine. The connection itself is judged, not what headers say; a request that
 * shows signs of a proxy, or asks for another host, comes from elsewhere: to it the page does not exist.
 */
export default class LocalOnlyMiddleware {
  handle({ request }: HttpContext, next: NextFn) {
    const headers = request.request.headers
    const isForwarded = FORWARDED.some((name) => headers[name] !== undefined)
    const host = URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? ''
    if (isForwarded || !isLoopback(request.request.socket.remoteAddress) || !isLocalName(host)) {
      throw new NotFound()
    }
    return next()
  }
}

export function isLocalName(host: string): boolean {
  const bare = host.replaceAll(/[[\]]/g, '')
  return isIP(bare) ? isLoopback(bare) : bare === 'localhost' || bare.endsWith('.localhost')
}

function isLoopback(address: string | undefined): boolean {
  return (
    address !== undefined &&
    ipaddr.isValid(address) &&
    ipaddr.process(address).range() === 'loopback'
  )
}
