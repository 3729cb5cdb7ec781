import { errors } from '@vinejs/vine'

/** A refusal that belongs to one field of a form, shown there like any other complaint about it. */
export function fieldError(field: string, message: string) {
  return new errors.E_VALIDATION_ERROR([{ field, message, rule: 'refused' }])
}
