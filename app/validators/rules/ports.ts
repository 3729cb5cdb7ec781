import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { countPorts, parsePorts, type PortRange } from '#addressing/ports'
import { halfWidth } from '#validators/rules/half_width'

/** More entries than these are not each told; who pasted the wrong file knows by then. */
const TOLD_ENTRIES = 20
const LONGEST_SHOWN = 40

const shorten = (text: string): string =>
  text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text

/** One port or one range, at most `longest` ports; becomes a PortRange. */
export const portRange = vine.createRule(
  (value: unknown, { longest }: { longest: number }, field: FieldContext) => {
    const { ranges, problems } = parsePorts(String(value))
    const [problem] = problems
    const [range, ...others] = ranges
    if (problem) {
      const told = { text: shorten(problem.text) }
      field.report('{{ field }} is no port', `port_range.${problem.reason}`, field, told)
    } else if (!range || others.length > 0) {
      field.report('{{ field }} must be one port or range', 'port_range.one', field)
    } else if (countPorts([range]) > longest) {
      const told = { max: longest }
      field.report('{{ field }} has too many ports', 'port_range.too_long', field, told)
    } else {
      field.mutate(range, field)
    }
  }
)

/** Ports and ranges, as pasted; become merged ranges. Every entry that cannot be read is told with its line. */
export const portList = vine.createRule(
  (value: unknown, _options: undefined, field: FieldContext) => {
    const { ranges, problems } = parsePorts(String(value))
    for (const { line, text, reason } of problems.slice(0, TOLD_ENTRIES)) {
      const told = { line, text: shorten(text) }
      field.report('line {{ line }}: {{ text }}', `port_list.${reason}`, field, told)
    }
    const untold = problems.length - TOLD_ENTRIES
    if (untold > 0) {
      field.report('{{ count }} more', 'port_list.more', field, { count: untold })
    }
    if (problems.length === 0) field.mutate(ranges, field)
  }
)

export const onePortRange = (longest: number) =>
  vine
    .string()
    // A program sends one port as a number.
    .parse((value) => (typeof value === 'number' ? String(value) : halfWidth(value)))
    .trim()
    .maxLength(40)
    .use(portRange({ longest }))
    .transform((value) => value as unknown as PortRange)

export const portRanges = () =>
  vine
    .string()
    .parse(halfWidth)
    .maxLength(200_000)
    .use(portList())
    .transform((value) => value as unknown as PortRange[])
