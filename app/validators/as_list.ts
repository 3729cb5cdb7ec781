/** A form sends one ticked box as text and several as a list. */
export function asList(value: unknown): unknown {
  return value === undefined || value === null || Array.isArray(value) ? value : [value]
}
