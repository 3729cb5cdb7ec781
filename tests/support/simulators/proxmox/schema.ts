import { parameterOf, type Parameter, type Parameters } from './parameter.js'
import { METHODS } from './tables/index.js'

/** One parameter, as Proxmox VE prints its own schema (`pvesh usage`, `apidoc.js`). */
type Schema = {
  type?: string
  optional?: number
  minimum?: number | string
  maximum?: number | string
  minLength?: number
  maxLength?: number
  enum?: string[]
  pattern?: string
  format?: string | Record<string, Schema>
  default_key?: number
  requires?: string
}
type Method = {
  parameters: { properties?: Record<string, Schema> }
  protected?: number
  proxyto?: string
  allowtoken?: number
  permissions?: { check?: unknown }
}
export type ApiSchema = Record<string, Record<string, Method>>

/** Where our tables say something else than the schema of a release; empty when they are true to it. */
export function differences(schema: ApiSchema): string[] {
  return Object.entries(METHODS).flatMap(([call, ours]) => {
    const [verb, path] = call.split(' ')
    const theirs = schema[path!]?.[verb!]
    if (!theirs) return [`${call}: not in the schema`]
    const facts: [string, unknown, unknown][] = [
      ['protected', ours.isProtected === true, theirs.protected === 1],
      ['proxied to the node', ours.isProxied === true, theirs.proxyto === 'node'],
      ['refused to tokens', ours.isForPeople === true, theirs.allowtoken === 0],
    ]
    const wrong = facts
      .filter(([, our, their]) => our !== their)
      .map(([what]) => `${call}: ${what}`)
    return [
      ...wrong,
      ...privilegeDifferences(call, ours.needs, theirs.permissions?.check),
      ...parameterDifferences(call, ours.parameters, theirs.parameters.properties ?? {}),
    ]
  })
}

/** Only the simple form, one path and privileges on it; the handlers do the others. */
function privilegeDifferences(
  call: string,
  needs: { path: string; anyOf: readonly string[] } | undefined,
  check: unknown
) {
  const simple =
    Array.isArray(check) && check[0] === 'perm' ? (check as [string, string, string[]]) : null
  if (!simple && !needs) return []
  const theirs = simple ? `${simple[1]} ${simple[2].join('|')}` : 'none'
  const ours = needs ? `${needs.path} ${needs.anyOf.join('|')}` : 'none'
  return ours === theirs ? [] : [`${call}: needs ${ours}, the schema ${theirs}`]
}

function parameterDifferences(
  place: string,
  ours: Parameters,
  theirs: Record<string, Schema>
): string[] {
  const unknown = Object.keys(ours).filter((name) => !(name in theirs))
  return [
    ...unknown.map((name) => `${place} ${name}: not in the schema`),
    ...Object.entries(theirs).flatMap(([name, schema]) => {
      const parameter = parameterOf(ours, name)
      if (!parameter) return [`${place} ${name}: missing`]
      return oneParameter(`${place} ${name}`, parameter, schema)
    }),
  ]
}

function oneParameter(place: string, ours: Parameter, theirs: Schema): string[] {
  const number = (value: number | string | undefined) =>
    value === undefined ? undefined : Number(value)
  const facts: [string, unknown, unknown][] = [
    ['type', ours.type, theirs.type],
    ['required', ours.required === true, theirs.optional !== 1],
    ['min', ours.min, number(theirs.minimum)],
    ['max', ours.max, number(theirs.maximum)],
    ['minLength', ours.minLength, theirs.minLength],
    ['maxLength', ours.maxLength, theirs.maxLength],
    ['enumeration', ours.oneOf?.join(), theirs.enum?.join()],
    ['pattern', plain(ours.pattern?.source), plain(theirs.pattern)],
    ['requires', ours.requires, theirs.requires],
  ]
  const wrong = facts
    .filter(([, our, their]) => our !== their)
    .map(([what, our, their]) => `${place}: ${what} ${String(our)}, the schema ${String(their)}`)
  if (typeof theirs.format !== 'object') {
    return ours.format === theirs.format
      ? wrong
      : [...wrong, `${place}: format ${ours.format}, the schema ${theirs.format}`]
  }
  const mainPart = Object.entries(theirs.format).find(([, part]) => part.default_key)?.[0]
  if (mainPart !== ours.mainPart)
    wrong.push(`${place}: main part ${ours.mainPart}, the schema ${mainPart}`)
  return [...wrong, ...parameterDifferences(place, ours.parts ?? {}, theirs.format)]
}

/** The same expression, however Perl or we bracket it. */
function plain(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined
  let text = pattern
    .replaceAll('(?^:', '(')
    .replaceAll('(?:', '(')
    .replaceAll(/\[[^\]]*\]/g, (letters) => letters.replaceAll(/\\([-.@!_])/g, '$1'))
  for (let before = ''; before !== text;) {
    before = text
    // Brackets that hold one thing, and those around everything.
    text = text
      .replaceAll(/\(([^()|]*)\)(?![?*+{])/g, '$1')
      .replaceAll(/\(\(([^()]*)\)\)/g, '($1)')
      .replace(/^\^(.*)\$$/, '$1')
    if (isBracketed(text)) text = text.slice(1, -1)
  }
  return text.replaceAll(/\\([-_@!])/g, '$1')
}

function isBracketed(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false
  let depth = 0
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (depth === 0) return at === text.length - 1
  }
  return false
}
