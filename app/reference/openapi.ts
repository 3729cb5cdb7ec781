import type { I18n } from '@adonisjs/i18n'
import { appUrl } from '#config/app'
import * as is from '#reference/answers'
import { DOORS, TAGS, type Endpoint } from '#reference/endpoint'
import { ENDPOINTS } from '#reference/endpoints/index'
import { examples, type Example } from '#reference/examples'
import type { JsonSchema } from '#reference/schema'

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

/** What opens each door, in the words of OpenAPI. */
const SECURITY = {
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'ptc_…' },
  login: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  billing: { type: 'apiKey', in: 'header', name: 'apikey' },
  license: { type: 'http', scheme: 'bearer', bearerFormat: 'plt_…' },
} as const

/** The whole API as an OpenAPI 3.1 document in the reader's language. */
export function openApi(i18n: I18n) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of ENDPOINTS) {
    const { method, path } = placeOf(endpoint)
    paths[path] = { ...paths[path], [method]: operationOf(endpoint, i18n) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portico',
      version: '1',
      summary: i18n.t('api_reference.title'),
      description: i18n.t('api_reference.text'),
    },
    servers: [{ url: appUrl }],
    tags: TAGS.map((tag) => ({ name: tag, description: i18n.t(`api_reference.tags.${tag}`) })),
    paths,
    components: {
      schemas: { Problem: is.problem },
      securitySchemes: Object.fromEntries(
        Object.entries(SECURITY).map(([door, scheme]) => [
          door,
          { ...scheme, description: i18n.t(`api_reference.doors.${door}`) },
        ])
      ),
    },
  }
}

/** OpenAPI writes `{id}` where the router has `:id`. */
export function placeOf({ route }: Endpoint) {
  const [method, pattern] = route.split(' ') as [string, string]
  return { method: method.toLowerCase(), path: pattern.replaceAll(/:(\w+)/g, '{$1}') }
}

export const parametersOf = ({ route }: Endpoint): string[] =>
  [...route.matchAll(/:(\w+)/g)].map(([, name]) => name!)

/** Whether the route takes an Idempotency-Key. */
export const isRepeatable = ({ route }: Endpoint): boolean =>
  /^(?!GET ).* \/api\/v1\/(organizations|ssh_keys)\b/.test(route)

function operationOf(endpoint: Endpoint, i18n: I18n) {
  const { id, tag, door, body, sentAs, status, mayBeDone, answer, binary } = endpoint
  const example = examples()[endpoint.route]
  return {
    operationId: id,
    tags: [tag],
    summary: i18n.t(`api_reference.endpoints.${id}`),
    security: door === DOORS.at(-1) ? [] : [{ [door]: [] }],
    parameters: [...pathParameters(endpoint), ...queryParameters(endpoint), ...headers(endpoint)],
    ...(body && {
      requestBody: {
        required: true,
        content: {
          [sentAs === 'form' ? 'application/x-www-form-urlencoded' : 'application/json']: {
            schema: body,
            ...(example?.body !== undefined && { example: example.body }),
          },
        },
      },
    }),
    responses: {
      [status]: {
        description: i18n.t(`api_reference.statuses.${status}`),
        ...(status === 202 && tag !== 'licensing' && { headers: LOCATION }),
        ...(answer && { content: { 'application/json': contentOf(answer, example) } }),
        ...(binary && { content: { 'application/gzip': {} } }),
      },
      ...(mayBeDone && {
        200: {
          description: i18n.t('api_reference.statuses.200_unchanged'),
          content: { 'application/json': contentOf(answer!, undefined) },
        },
      }),
      ...(door === 'token' && {
        default: { description: i18n.t('api_reference.problem'), content: PROBLEM },
      }),
    },
  }
}

const LOCATION = { Location: { schema: { type: 'string' } } }

function contentOf(schema: JsonSchema, example: Example | undefined) {
  return { schema, ...(example && { example: example.answer }) }
}

const pathParameters = (endpoint: Endpoint) =>
  parametersOf(endpoint).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

function queryParameters({ query }: Endpoint) {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const headers = (endpoint: Endpoint) =>
  isRepeatable(endpoint)
    ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 } }]
    : []
