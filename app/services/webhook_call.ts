import { createHmac, randomBytes } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import { lookup as resolve } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { isAllowedFrom } from '#addressing/allowed'
import { allowedRanges, answerWithinMs } from '#config/webhooks'

export const WEBHOOK_PROBLEMS = [
  'address',
  'unresolved',
  'unreachable',
  'timeout',
  'certificate',
  'status',
] as const
export type WebhookProblem = (typeof WEBHOOK_PROBLEMS)[number]

export type WebhookAnswer = {
  status: number | null
  problem: WebhookProblem | null
  tookMs: number
}

type Message = { id: string; body: string }

const SECRET_MARK = 'whsec_'
/** Of an answer nothing is kept; who sends more than this is hung up on. */
const ANSWER_BYTES = 64 * 1_024

class AddressRefused extends Error {}

export function newWebhookSecret(): string {
  return SECRET_MARK + randomBytes(32).toString('base64')
}

/** As Standard Webhooks has it: HMAC-SHA256 over id, moment and body. With several secrets several signatures. */
export function signature(secrets: string[], { id, body }: Message, timestamp: number): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_MARK.length), 'base64')
      const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
      return `v1,${digest}`
    })
    .join(' ')
}

/**
 * Whether such an address could be called: https, a host, no credentials in it. Plain http only into ranges that
 * the operator allowed, which is seen when it is called.
 */
export function isCallable(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.hash) return false
  const host = bare(url.hostname)
  if (isIP(host) !== 0 && !isAllowed(host)) return false
  if (url.protocol === 'http:') return allowedRanges.length > 0
  return url.protocol === 'https:'
}

/**
 * Sends it once. The name is resolved here, every address it has is judged, and the connection goes to those that
 * were judged: a name that changes its mind in between leads nowhere. Redirects are answers like others.
 */
export async function callWebhook(
  address: string,
  secrets: string[],
  message: Message,
  withinMs = answerWithinMs
): Promise<WebhookAnswer> {
  const startedAt = Date.now()
  const took = () => Date.now() - startedAt
  try {
    const status = await post(new URL(address), secrets, message, withinMs)
    const isTaken = status >= 200 && status < 300
    return { status, problem: isTaken ? null : 'status', tookMs: took() }
  } catch (error) {
    return { status: null, problem: problemOf(error), tookMs: took() }
  }
}

async function post(
  url: URL,
  secrets: string[],
  message: Message,
  withinMs: number
): Promise<number> {
  const signal = AbortSignal.timeout(withinMs)
  const addresses = await untilAborted(judged(url), signal)
  const timestamp = Math.floor(Date.now() / 1_000)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(message.body),
    'user-agent': 'Portico-Webhooks',
    'webhook-id': message.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature(secrets, message, timestamp),
  }
  const lookup = ((_name, options, done) => {
    if (typeof options === 'object' && options.all) done(null, addresses)
    else done(null, addresses[0]!.address, addresses[0]!.family)
  }) as LookupFunction
  // No agent: a kept connection would be one that was judged before.
  const options = {
    method: 'POST',
    headers,
    lookup,
    signal,
    agent: false,
  }
  const { request } = url.protocol === 'http:' ? http : https
  return new Promise((done, fail) => {
    const call = request(url, options, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > ANSWER_BYTES) response.destroy()
      })
      response.on('error', fail)
      response.on('close', () => done(response.statusCode ?? 0))
    })
    call.on('error', fail)
    call.end(message.body)
  })
}

/** The system's resolver cannot be told to stop; it is only waited for no longer. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The addresses to connect to. @throws AddressRefused when any of the name's may not be called */
async function judged(url: URL): Promise<LookupAddress[]> {
  const host = bare(url.hostname)
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await resolve(host, { all: true })
  const mayBeCalled = ({ address }: LookupAddress) =>
    url.protocol === 'https:' ? isAllowed(address) : isConfigured(address)
  if (found.length === 0 || !found.every(mayBeCalled)) throw new AddressRefused()
  return found
}

/** Public, or allowed by the operator: not this machine, not a network behind it, not a cloud's own addresses. */
function isAllowed(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() === 'unicast' || isConfigured(address)
}

const isConfigured = (address: string) =>
  allowedRanges.length > 0 && isAllowedFrom(address, allowedRanges)

/** A URL writes IPv6 in brackets. */
const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1')

function problemOf(error: unknown): WebhookProblem {
  if (error instanceof AddressRefused) return 'address'
  const { code = '', name } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unresolved'
  return /CERT|TLS|SSL|VERIFY/.test(code) ? 'certificate' : 'unreachable'
}
