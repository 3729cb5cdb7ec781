import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { IANAZone } from 'luxon'

const known = vine.createRule((value: unknown, _options: undefined, field: FieldContext) => {
  if (typeof value === 'string' && !IANAZone.isValidZone(value)) {
    field.report('{{ field }} is not one of the choices', 'in', field)
  }
})

export const timeZone = () => vine.string().maxLength(64).use(known(undefined))
