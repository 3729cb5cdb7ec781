import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'

/** One label of a host name: what a guest can call itself. */
export const hostName = vine.createRule((value: unknown, _: undefined, field: FieldContext) => {
  if (typeof value !== 'string' || /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) return
  field.report('{{ field }} is not a host name', 'hostName', field)
})
