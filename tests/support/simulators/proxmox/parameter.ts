import { FORMATS } from './formats.js'

export type Kind = 'string' | 'integer' | 'number' | 'boolean' | 'array'

/** What the API takes for one name. */
export type Parameter = {
  type: Kind
  required?: true
  min?: number
  max?: number
  minLength?: number
  maxLength?: number
  pattern?: RegExp
  oneOf?: readonly string[]
  format?: string
  /** `name=eth0,bridge=vmbr0`: what stands between the commas. */
  parts?: Parameters
  /** The part that stands without its name. */
  mainPart?: string
  /** Makes no sense without this one. */
  requires?: string
}
/** `net[n]` stands for net0, net1 … */
export type Parameters = Record<string, Parameter>
type Rest = Omit<Parameter, 'type' | 'required'>

export const text = (rest: Rest = {}): Parameter => ({ type: 'string', ...rest })
export const whole = (min?: number, max?: number): Parameter => ({ type: 'integer', min, max })
export const real = (min?: number, max?: number): Parameter => ({ type: 'number', min, max })
export const flag = (rest: Rest = {}): Parameter => ({ type: 'boolean', ...rest })
export const as = (format: string, rest: Rest = {}): Parameter => ({
  type: 'string',
  format,
  ...rest,
})
export const oneOf = (...words: string[]): Parameter => ({ type: 'string', oneOf: words })
export const required = (parameter: Parameter): Parameter => ({ ...parameter, required: true })

const UNKNOWN =
  'property is not defined in schema and the schema does not allow additional properties'
const MISSING = 'property is missing and it is not optional'
const TYPES: Record<Kind, RegExp> = {
  string: /^/,
  array: /^/,
  integer: /^[+-]?\d+$/,
  number: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  boolean: /^(?:0|1|on|off|yes|no|true|false)$/i,
}

/** The parameter that stands for a name, and for `net0` that of `net[n]`. */
export function parameterOf(parameters: Parameters, name: string): Parameter | undefined {
  return parameters[name] ?? parameters[name.replace(/\d+$/, '[n]')]
}

/** What is wrong with them, by name; empty when the real one would take them. */
export function complaints(
  parameters: Parameters,
  given: Record<string, string>
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const parameter = parameterOf(parameters, name)
    const wrong = parameter ? complaint(name, parameter, value) : UNKNOWN
    if (wrong) found[name] = wrong
    const needed = parameter?.requires
    if (needed && !(needed in given))
      found[needed] = `missing property - '${name}' requires this property`
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.required && !(name in given)) found[name] = MISSING
  }
  return found
}

/** `name=eth0,bridge=vmbr0` by name; a value that stands alone belongs to the main part. */
export function partsOf(value: string, mainPart?: string): Record<string, string> {
  return Object.fromEntries(
    value
      .split(',')
      .filter(Boolean)
      .map((part) => {
        const at = part.indexOf('=')
        return at < 0 ? [mainPart ?? part, part] : [part.slice(0, at), part.slice(at + 1)]
      })
  )
}

/** As the handlers behind the check get it: booleans are 0 and 1. */
export function tidy(
  parameters: Parameters,
  given: Record<string, string>
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const isFlag = parameterOf(parameters, name)?.type === 'boolean'
      return [name, isFlag ? (/^(?:1|on|yes|true)$/i.test(value) ? '1' : '0') : value]
    })
  )
}

function complaint(name: string, parameter: Parameter, value: string): string | null {
  const { type, min, max, minLength, maxLength, pattern, oneOf: words, format, parts } = parameter
  if (!TYPES[type].test(value)) return `type check ('${type}') failed - got '${value}'`
  if (format && !FORMATS[format]!.accepts(value)) {
    return `invalid format - ${FORMATS[format]!.complaint(value)}\n`
  }
  if (parts) {
    const wrong = partsComplaint(name, parameter, value)
    if (wrong) return `invalid format - ${wrong}`
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return `value may only be ${maxLength} characters long`
  }
  if (minLength !== undefined && value.length < minLength) {
    return `value must be at least ${minLength} characters long`
  }
  if (pattern && !pattern.test(value)) return 'value does not match the regex pattern'
  if (words && !words.includes(value)) {
    return `value '${value}' does not have a value in the enumeration '${words.join(', ')}'`
  }
  if (min !== undefined && Number(value) < min) return `value must have a minimum value of ${min}`
  if (max !== undefined && Number(value) > max) return `value must have a maximum value of ${max}`
  return null
}

function partsComplaint(
  name: string,
  { parts, mainPart }: Parameter,
  value: string
): string | null {
  const seen = new Set<string>()
  for (const part of value.split(',').filter(Boolean)) {
    if (!part.includes('=') && !mainPart) {
      return 'value without key, but schema does not define a default key\n'
    }
    const key = part.includes('=') ? part.slice(0, part.indexOf('=')) : mainPart!
    if (seen.has(key)) return `duplicate key in comma-separated list property: ${key}\n`
    seen.add(key)
  }
  const wrong = Object.entries(complaints(parts!, partsOf(value, mainPart)))
  if (wrong.length === 0) return null
  return `format error\n${wrong.map(([key, what]) => `${name}.${key}: ${what}\n`).join('')}`
}
