import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { numberIn } from '#validators/rules/numbers'

type Options = {
  /** The field that holds the first port of the same range. */
  from: string
  /** Fields of the first and the last port of another range, which has to be as long. */
  as?: { from: string; until: string }
  longest: number
}

/** The last port of a range whose first one stands in another field. */
export const rangeEnd = vine.createRule(
  (value: unknown, { from, as, longest }: Options, field: FieldContext) => {
    const { parent } = field
    const count = numberIn(value) - numberIn(parent[from]) + 1
    const other =
      as && parent[as.until] ? numberIn(parent[as.until]) - numberIn(parent[as.from]) + 1 : 0
    if (!(count >= 1) || count > longest) {
      field.report('{{ field }} ends no range', 'range_end.length', field, { max: longest })
    } else if (other && other !== count) {
      field.report('{{ field }} ends a range of another length', 'range_end.unequal', field)
    }
  }
)
