import vine from '@vinejs/vine'
import { LAST_PORT } from '#addressing/ports'
import { LONGEST_RANGE } from '#models/port_forward'
import type { BilledRule } from '#models/billed_forward'
import type { BilledOrder } from '#models/billed_instance'
import type { BilledSize } from '#models/billed_size'
import { VISIT_PAGES } from '#models/types'
import type { HttpContext } from '@adonisjs/core/http'
import { hostName } from '#validators/rules/host_name'
import { rangeEnd } from '#validators/rules/range_end'
import { copyName } from '#validators/snapshot'
import { halfWidth } from '#validators/rules/half_width'
import { whole } from '#validators/rules/numbers'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'

const MEBIBYTES = { '': 1, 'm': 1, 'mb': 1, 'mib': 1, 'g': 1024, 'gb': 1024, 'gib': 1024 }
const MEGABITS = { '': 1, 'm': 1, 'mbit': 1, 'mbps': 1, 'g': 1000, 'gbit': 1000, 'gbps': 1000 }

const MAX_MIB = 1_048_576 * 1024
const MAX_MBPS = 1_000_000

const inSmallest = vine.createRule(
  (value, { units, maximum }: { units: Record<string, number>; maximum: number }, field) => {
    const [, digits, unit] = /^([\d.]+)\s*([a-z]*)$/.exec(String(value).toLowerCase())!
    field.mutate(Math.min(maximum, Math.ceil(Number(digits) * units[unit!]!)), field)
  }
)

const reference = () =>
  vine.string().parse(halfWidth).trim().toLowerCase().maxLength(63).use(hostName())
const image = () => words(120)
const count = (maximum: number) => whole().min(0).max(maximum)

/** Billing systems choose shorter ones than a person may; printable, for it is handed over as one line. */
const password = () =>
  vine
    .string()
    .minLength(6)
    .maxLength(128)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u)

/** Which instance is meant, in the billing system's words. */
export const billedInstanceValidator = vine.create({ hostname: reference() })

/** @throws E_VALIDATION_ERROR */
export async function billedReference(request: HttpContext['request']): Promise<string> {
  const { hostname } = await request.validateUsing(billedInstanceValidator, { data: request.all() })
  return hostname
}

const size = () => ({
  cpus: whole().min(1).max(1024),
  memory: amount(MEBIBYTES, MAX_MIB),
  disk: amount(MEBIBYTES, MAX_MIB),
  ingress: amount(MEGABITS, MAX_MBPS).nullable().optional(),
  egress: amount(MEGABITS, MAX_MBPS).nullable().optional(),
  nat_limit: count(10_000).nullable().optional(),
  snapshot_limit: count(1_000).nullable().optional(),
  traffic_limit: count(10_000_000).nullable().optional(),
})

export const billedOrderValidator = vine.create({
  hostname: reference(),
  /** Left out, one is made that its owner sees in the portal. */
  password: password().nullable().optional(),
  /** A name or title; left out: the first that is offered. */
  image: image().nullable().optional(),
  ...size(),
})

export const billedResizeValidator = vine.create({ hostname: reference(), ...size() })

/** @throws E_VALIDATION_ERROR */
export async function billedResize(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedResizeValidator, {
    data: inNewWords(request.body()),
  })
  return { reference: asked.hostname, size: sizeOf(asked) }
}

export const billedSnapshotValidator = vine.create({ hostname: reference(), name: copyName() })

/** @throws E_VALIDATION_ERROR */
export async function billedSnapshotName(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedSnapshotValidator)
  return { reference: asked.hostname, name: asked.name }
}

export const billedPasswordValidator = vine.create({ hostname: reference(), password: password() })

/** @throws E_VALIDATION_ERROR */
export async function billedPassword(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedPasswordValidator)
  return { reference: asked.hostname, password: asked.password }
}

export const billedReinstallValidator = vine.create({
  hostname: reference(),
  /** A name or title; `system` in both generations. */
  system: image().minLength(1),
  /** Left out, one is made that its owner sees in the portal. */
  password: password().nullable().optional(),
})

/** @throws E_VALIDATION_ERROR */
export async function billedReinstallation(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedReinstallValidator)
  return {
    reference: asked.hostname,
    order: { image: asked.system, password: asked.password || null },
  }
}

export const billedVisitValidator = vine.create({
  hostname: reference(),
  page: vine.enum(VISIT_PAGES).optional(),
})

/** @throws E_VALIDATION_ERROR */
export async function billedVisit(request: HttpContext['request']) {
  const { hostname, page } = await request.validateUsing(billedVisitValidator)
  return { reference: hostname, page: page ?? 'overview' }
}

const PROTOCOLS = ['tcp', 'udp', 'both'] as const
const LONGEST_LIST = 200

const protocol = () => vine.enum(PROTOCOLS).parse(lowered)
const port = () => whole().range([1, LAST_PORT])

/** Of a range the last ones; one of them is enough. */
const rangeEnds = () => ({
  sport_end: port()
    .use(rangeEnd({ from: 'sport', longest: LONGEST_RANGE }))
    .nullable()
    .optional(),
  dport_end: port()
    .use(
      rangeEnd({
        from: 'dport',
        as: { from: 'sport', until: 'sport_end' },
        longest: LONGEST_RANGE,
      })
    )
    .nullable()
    .optional(),
})

export const billedRuleValidator = vine.create({
  hostname: reference(),
  dtype: protocol(),
  /** The public port; left out, one is drawn. */
  dport: port().nullable().optional(),
  sport: port(),
  ...rangeEnds(),
  description: words(60).nullable().optional(),
})

/** Which rule shall go: as it was added, but named by its public port. */
export const billedRuleNameValidator = vine.create({
  hostname: reference(),
  dtype: protocol(),
  dport: port(),
  sport: port(),
  ...rangeEnds(),
})

/** @throws E_VALIDATION_ERROR */
export async function billedRule(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedRuleValidator)
  const note = asked.description || null
  return { reference: asked.hostname, rule: ruleOf(asked, note) }
}

/** @throws E_VALIDATION_ERROR */
export async function billedRuleName(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedRuleNameValidator)
  return { reference: asked.hostname, rule: ruleOf(asked, null) }
}

type AskedRule = {
  dtype: (typeof PROTOCOLS)[number]
  dport?: number | null
  sport: number
  dport_end?: number | null
  sport_end?: number | null
}

/** Only one end given: the range is as long on the other side. */
function ruleOf(asked: AskedRule, note: string | null): BilledRule {
  const { dtype, dport = null, sport, dport_end: dportEnd, sport_end: sportEnd } = asked
  const inner = sportEnd ? sportEnd - sport + 1 : null
  const outer = dportEnd && dport ? dportEnd - dport + 1 : null
  return { protocol: dtype, targetPort: sport, port: dport, count: inner ?? outer ?? 1, note }
}

export const billedPortCheckValidator = vine.create({
  hostname: reference(),
  protocol: protocol(),
  port: port(),
})

/** @throws E_VALIDATION_ERROR */
export async function billedPortCheck(request: HttpContext['request']) {
  const asked = await request.validateUsing(billedPortCheckValidator)
  return { reference: asked.hostname, protocol: asked.protocol, port: asked.port }
}

export const billedTaskListValidator = vine.create({
  hostname: reference(),
  limit: whole().range([1, LONGEST_LIST]).optional(),
})

/** @throws E_VALIDATION_ERROR */
export async function billedTaskList(request: HttpContext['request']) {
  const { hostname, limit = 20 } = await request.validateUsing(billedTaskListValidator)
  return { reference: hostname, limit }
}

export const billedTaskValidator = vine.create({ task_id: uid() })

/** @throws E_VALIDATION_ERROR */
export async function billedTaskId(request: HttpContext['request']): Promise<string> {
  const asked = await request.validateUsing(billedTaskValidator)
  return asked.task_id
}

/** Reads an order of either generation of the plugin. @throws E_VALIDATION_ERROR */
export async function billedOrder(request: HttpContext['request']): Promise<BilledOrder> {
  const order = await request.validateUsing(billedOrderValidator, {
    data: inNewWords(request.body()),
  })
  return {
    reference: order.hostname,
    rootPassword: order.password || null,
    image: order.image || null,
    ...sizeOf(order),
  }
}

type AskedSize = {
  cpus: number
  memory: number
  disk: number
  ingress?: number | null
  egress?: number | null
  traffic_limit?: number | null
  nat_limit?: number | null
  snapshot_limit?: number | null
}

function sizeOf(asked: AskedSize): BilledSize {
  return {
    cpus: asked.cpus,
    memoryMib: asked.memory,
    diskGib: Math.max(1, Math.ceil(asked.disk / 1024)),
    // In the billing system 0 is without limit.
    ingressMbps: asked.ingress || null,
    egressMbps: asked.egress || null,
    trafficGib: asked.traffic_limit || null,
    portForwardLimit: asked.nat_limit ?? 0,
    snapshotLimit: asked.snapshot_limit ?? 0,
  }
}

/** What the first generation calls things that are the same in the second. */
export const FIRST_WORDS: Record<string, string> = {
  cpu: 'cpus',
  ram: 'memory',
  system: 'image',
  down: 'ingress',
  up: 'egress',
  bandwidth: 'traffic_limit',
}

/** The first generation's 0 ports are as many as one likes; the second's are none. */
const AS_MANY_AS_ONE_LIKES = 10_000

/**
 * What the first generation of the plugin sends, under the names of the second: `up` and `down` are the
 * customer's, so `up` is what leaves the instance.
 */
function inNewWords(body: Record<string, unknown>): Record<string, unknown> {
  const translated = Object.entries(FIRST_WORDS).map(([old, word]) => [
    word,
    body[word] ?? body[old],
  ])
  return {
    ...body,
    ...Object.fromEntries(translated),
    nat_limit:
      body.nat_limit ?? (String(body.ports).trim() === '0' ? AS_MANY_AS_ONE_LIKES : body.ports),
  }
}

function lowered(value: unknown): unknown {
  return typeof value === 'string' ? (halfWidth(value) as string).trim().toLowerCase() : value
}

/** A number with or without one of these units behind it, as the number of the smallest; never rounded down. */
function amount(units: Record<string, number>, maximum: number) {
  // Large and small letters spelt out: the same pattern stands in the API's reference.
  const names = Object.keys(units).map((unit) =>
    unit.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
  )
  return vine
    .string()
    .parse((value) => (typeof value === 'number' ? String(value) : halfWidth(value)))
    .trim()
    .regex(new RegExp(`^\\d{1,12}(?:\\.\\d{1,3})?\\s*(?:${names.join('|')})$`))
    .use(inSmallest({ units, maximum }))
    .transform((value) => value as unknown as number)
}
