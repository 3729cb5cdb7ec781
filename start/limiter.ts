/*
|--------------------------------------------------------------------------
| How often one may try
|--------------------------------------------------------------------------
|
| One policy for every form and link that is open to strangers. Pages are counted by address; guesses at one
| account also by that account, so that many addresses gain nothing. Accounts are named by what was typed,
| whether or not they exist.
|
*/
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import limiter from '@adonisjs/limiter/services/main'
import type { AccessToken } from '@adonisjs/auth/access_tokens'
import type { HttpContext } from '@adonisjs/core/http'
import { normalizeEmail } from '#models/concerns/email'

/** On each route that answers without a sign-in: forms, one-time links, passkey challenges. */
export const throttlePublic = limiter.define('public', ({ request }) =>
  limiter.allowRequests(200).every('10 minutes').usingKey(addressKey(request.ip()))
)

export const throttleApi = limiter.define('api', ({ request }) =>
  limiter.allowRequests(600).every('1 minute').usingKey(addressKey(request.ip()))
)

/** Accounts that are made over the API. */
export const throttleRegistration = limiter.define('registrations', ({ request }) =>
  limiter.allowRequests(20).every('1 hour').usingKey(addressKey(request.ip()))
)

/**
 * By licence: many installations may call from one address. It spares this process work and guards nothing, so
 * each process counts for itself: a count in the database would cost more than what it spares.
 */
export const throttleInstallations = limiter.define('installations', ({ license }) =>
  limiter.allowRequests(120).every('1 minute').store('memory').usingKey(license.uid)
)

/** Teams come with quotas, so making them is slow on purpose. */
export const throttleFounding = limiter.define('organizations', ({ auth }) =>
  limiter.allowRequests(10).every('1 hour').usingKey(String(auth.getUserOrFail().id))
)

/** Invitations go to strangers in our name … */
export const throttleInvitations = limiter.define('invitations', ({ organization }) =>
  limiter.allowRequests(30).every('1 hour').usingKey(organization.uid)
)

/** … and nobody is to be pestered from many organizations. */
export const throttleInvited = limiter.define('invited', ({ request }) =>
  limiter
    .allowRequests(5)
    .every('1 day')
    .usingKey(accountKey(String(request.input('email', ''))))
)

const QUARTER = '15 minutes'

const signInFromAddress = limiter.use({ requests: 10, duration: QUARTER })
const signInAnywhere = limiter.use({ requests: 50, duration: '1 hour' })
const secondFactors = limiter.use({ requests: 8, duration: QUARTER })
const confirmations = limiter.use({ requests: 8, duration: QUARTER })
const billingKeys = limiter.use({ requests: 30, duration: '10 minutes' })
const licenseTokens = limiter.use({ requests: 30, duration: '10 minutes' })
const mailsTo = limiter.use({ requests: 5, duration: '1 hour' })

/** Counts a guess before it is judged; a right one makes the slate clean. */
export type Guess = { left: number; right(): Promise<void> }

/** @throws E_TOO_MANY_REQUESTS */
export async function guessAtPassword({ request }: HttpContext, email: string): Promise<Guess> {
  const account = accountKey(email)
  const here = `sign_in:${account}:${addressKey(request.ip())}`
  const anywhere = `sign_in:${account}`
  const [near, far] = [
    await signInFromAddress.consume(here),
    await signInAnywhere.consume(anywhere),
  ]
  return {
    left: Math.min(near.remaining, far.remaining),
    async right() {
      await signInFromAddress.delete(here)
      await signInAnywhere.delete(anywhere)
    },
  }
}

/** @throws E_TOO_MANY_REQUESTS */
export function guessAtSecondFactor(userId: number): Promise<Guess> {
  return guess(secondFactors, `second_factor:${userId}`)
}

/** @throws E_TOO_MANY_REQUESTS */
export function guessAtConfirmation(userId: number): Promise<Guess> {
  return guess(confirmations, `confirmation:${userId}`)
}

/** Only wrong keys count: a billing system may call as often as it likes. @throws E_TOO_MANY_REQUESTS */
export async function countWrongBillingKey(ip: string): Promise<void> {
  await billingKeys.consume(`billing_key:${addressKey(ip)}`)
}

/** A token's own pace, where it has one. @throws E_TOO_MANY_REQUESTS */
export async function allowTokenCall(
  id: AccessToken['identifier'],
  requests: number | null
): Promise<void> {
  if (requests === null) return
  await limiter.use({ requests, duration: '1 minute' }).consume(`api_token:${id}`)
}

/** Only wrong tokens count. @throws E_TOO_MANY_REQUESTS */
export async function countWrongLicenseToken(ip: string): Promise<void> {
  await licenseTokens.consume(`license_token:${addressKey(ip)}`)
}

/** Before a stranger's wish puts a mail into somebody's mailbox. @throws E_TOO_MANY_REQUESTS */
export async function allowMailTo(email: string): Promise<void> {
  await mailsTo.consume(`mail:${accountKey(email)}`)
}

async function guess(limit: typeof secondFactors, key: string): Promise<Guess> {
  const { remaining } = await limit.consume(key)
  return {
    left: remaining,
    async right() {
      await limit.delete(key)
    },
  }
}

/** An IPv6 customer has a whole /64 to call from. */
function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip)
  return address.kind() === 'ipv4'
    ? address.toString()
    : address.toNormalizedString().split(':').slice(0, 4).join('-')
}

function accountKey(email: string): string {
  return createHash('sha256').update(normalizeEmail(email)).digest('base64url').slice(0, 22)
}
