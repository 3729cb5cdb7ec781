import type { I18n } from '@adonisjs/i18n'
import { appUrl } from '#config/app'
import { TAGS, type Door, type Endpoint } from '#reference/endpoint'
import { ENDPOINTS } from '#reference/endpoints/index'
import { examples, type Example } from '#reference/examples'
import { isRepeatable, parametersOf } from '#reference/openapi'
import type { JsonSchema } from '#reference/schema'

/** What a reader puts in place of their own secret. */
const HEADERS: Record<Door, string | null> = {
  token: 'Authorization: Bearer $TOKEN',
  login: 'Authorization: Bearer $ACCESS_TOKEN',
  billing: 'apikey: $APIKEY',
  license: 'Authorization: Bearer $LICENSE_TOKEN',
  nothing: null,
}

/** The reference as the page shows it, family by family. */
export function apiReference(i18n: I18n) {
  return {
    url: appUrl,
    sections: TAGS.map((tag) => ({
      tag,
      title: i18n.t(`api_reference.tags.${tag}`),
      endpoints: ENDPOINTS.filter((endpoint) => endpoint.tag === tag).map((endpoint) =>
        endpointView(endpoint, i18n)
      ),
    })),
  }
}

function endpointView(endpoint: Endpoint, i18n: I18n) {
  const { id, route, door, query, body, sentAs, status, answer } = endpoint
  const [method, path] = route.split(' ') as [string, string]
  const example = examples()[route]
  return {
    id,
    method,
    path,
    door,
    status,
    sentAs: sentAs ?? 'json',
    isRepeatable: isRepeatable(endpoint),
    summary: i18n.t(`api_reference.endpoints.${id}`),
    path_parameters: parametersOf(endpoint),
    query: fieldsOf(query, i18n),
    body: fieldsOf(body, i18n),
    answer: answer ? outline(answer) : null,
    request: curl(endpoint, example),
    example: example ? JSON.stringify(example.answer, null, 2) : null,
  }
}

type FieldView = { name: string; label: string; type: string; isRequired: boolean }

function fieldsOf(schema: JsonSchema | undefined, i18n: I18n): FieldView[] {
  if (!schema) return []
  const required = (schema.required ?? []) as string[]
  return Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, field]) => ({
    name,
    label: String(field.description ?? i18n.t(`validator.shared.fields.${name}`, {}, '')),
    type: typeOf(field),
    isRequired: required.includes(name),
  }))
}

/** A type in few words: `integer 1–65535`, `start | stop`, `text ≤ 63`. */
function typeOf(schema: JsonSchema): string {
  const { type, items, minimum, maximum, maxLength } = schema as {
    enum?: unknown[]
    type?: string | string[]
    items?: JsonSchema
    minimum?: number
    maximum?: number
    maxLength?: number
  }
  const choices = schema.enum as unknown[] | undefined
  if (choices) return choices.map(String).join(' | ')
  if (items) return `${typeOf(items)}[]`
  const name = [type ?? 'any'].flat().join(' | ')
  if (minimum !== undefined && maximum !== undefined) return `${name} ${minimum}–${maximum}`
  return maxLength === undefined ? name : `${name} ≤ ${maxLength}`
}

/** The fields of an answer as lines, deeper ones indented. */
function outline(schema: JsonSchema, depth = 0): { name: string; type: string; depth: number }[] {
  const inner = insideOf(schema)
  const properties = (inner.properties ?? {}) as Record<string, JsonSchema>
  return Object.entries(properties).flatMap(([name, field]) => [
    { name, type: shortType(field), depth },
    ...outline(field, depth + 1),
  ])
}

/** What stands behind a list or behind "or nothing". */
function insideOf(schema: JsonSchema): JsonSchema {
  if (schema.items) return insideOf(schema.items as JsonSchema)
  if (schema.anyOf) return insideOf((schema.anyOf as JsonSchema[])[0]!)
  return schema
}

function shortType(schema: JsonSchema): string {
  if (schema.anyOf) return `${shortType((schema.anyOf as JsonSchema[])[0]!)} | null`
  if (schema.items) return `${shortType(schema.items as JsonSchema)}[]`
  return schema.format ? String(schema.format) : typeOf(schema)
}

/** As one would type it. */
function curl({ route, door, sentAs }: Endpoint, example: Example | undefined): string {
  const [method, path] = route.split(' ') as [string, string]
  const query = example?.query ? `?${new URLSearchParams(example.query).toString()}` : ''
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} "${appUrl}${path}${query}"`]
  const header = HEADERS[door]
  if (header) lines.push(`-H "${header}"`)
  if (example?.body !== undefined) {
    if (sentAs === 'form') {
      const fields = Object.entries(example.body as Record<string, string>)
      lines.push(...fields.map(([name, value]) => `-d ${quoted(`${name}=${value}`)}`))
    } else {
      lines.push(
        '-H "Content-Type: application/json"',
        `-d ${quoted(JSON.stringify(example.body))}`
      )
    }
  }
  return lines.join(' \\\n  ')
}

/** For a shell: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
