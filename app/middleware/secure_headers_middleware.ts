import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { isHttps } from '#config/app'

/**
 * On every answer, also where no route is found and on files. A page's own policy, with its nonce, is written
 * over this one by shield.
 */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // One-time links carry their token in the address: it must not reach other hosts.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  ...(isHttps && { 'strict-transport-security': `max-age=${180 * 24 * 60 * 60}` }),
}

export default class SecureHeadersMiddleware {
  handle({ response }: HttpContext, next: NextFn) {
    // On Node's own response, where shield writes too: what Adonis collects would be written over shield's policy.
    for (const [name, value] of Object.entries(HEADERS)) response.response.setHeader(name, value)
    return next()
  }
}
