import { DateTime } from 'luxon'
import vine from '@vinejs/vine'
import { email } from '#validators/account'
import { whole } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

const amount = () => whole().range([0, 1_000_000_000]).optional()
const text = (most: number) => words(most).nullable().optional()
const called = () => words(254)
const name = () =>
  vine
    .string()
    .trim()
    .maxLength(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
/** A day holds until its last second; a moment is what it says. */
const end = () =>
  vine.date({ formats: ['YYYY-MM-DD', 'YYYY-MM-DD HH:mm:ss'] }).transform((date) => {
    const at = DateTime.fromJSDate(date, { zone: 'utc' })
    return at.equals(at.startOf('day')) ? at.endOf('day').startOf('second') : at
  })

const limits = {
  max_vm: amount(),
  max_image: amount(),
  max_user: amount(),
  max_vcpu: amount(),
  max_vmem: amount(),
  max_vdisk: amount(),
}

export const classicInstanceValidator = vine.create(
  vine
    .object({
      instancename: name(),
      user: called(),
      product: text(40),
      expired_time: end(),
      ...limits,
    })
    .toCamelCase()
)

export const classicInstanceEditValidator = vine.create(
  vine
    .object({
      id: called().optional(),
      instancename: name().optional(),
      expired_time: end().optional(),
      ...limits,
    })
    .toCamelCase()
)

const person = {
  username: text(64),
  phone: text(20),
  organization: text(80),
  os_auth_url: text(255),
}

export const classicUserValidator = vine.create(
  vine.object({ email: email(), ...person }).toCamelCase()
)

export const classicUserEditValidator = vine.create(
  vine.object({ id: called(), email: email().optional(), ...person }).toCamelCase()
)

export const classicStatusValidator = vine.create(
  vine.object({ id: called(), is_active: vine.boolean() }).toCamelCase()
)

/** Absent, it is answered with the old word for that. */
export const classicCallValidator = vine.create({ instanceid: called().nullable().optional() })

/** A bare list, as the old pages sent it, or `ids`. */
export function idsIn(body: unknown): string[] {
  const list = Array.isArray(body) ? body : (body as { ids?: unknown } | null)?.ids
  const ids = Array.isArray(list) ? list : Object.values((list ?? body ?? {}) as object)
  return ids
    .filter((id) => typeof id === 'string' || typeof id === 'number')
    .map(String)
    .slice(0, 500)
}
