import { PAGE_SIZES } from '#models/instance_list'
import { text, type JsonSchema } from '#reference/schema'

export const TAGS = [
  'account',
  'organization',
  'instances',
  'access',
  'ports',
  'copies',
  'usage',
  'offers',
  'operations',
  'webhooks',
  'servers',
  'billing',
  'licensing',
] as const
export type Tag = (typeof TAGS)[number]

/** What opens a route. */
export const DOORS = ['token', 'login', 'billing', 'license', 'nothing'] as const
export type Door = (typeof DOORS)[number]

/** A route that programs call. Its sentence is `api_reference.endpoints.<id>`. */
export type Endpoint = {
  id: string
  /** As the router has it. */
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  tag: Tag
  door: Door
  query?: JsonSchema
  body?: JsonSchema
  /** How the body is sent; JSON unless told otherwise. */
  sentAs?: 'form'
  status: number
  /** Or 200 with the same answer, where there was nothing to do in a cluster. */
  mayBeDone?: true
  /** null: the answer is no JSON, or nothing. */
  answer: JsonSchema | null
  /** The answer is a file. */
  binary?: true
}

/** Where in a list: `after` and `before` are cursors that the page before gave. */
export const PAGING = {
  size: { type: 'integer', enum: [...PAGE_SIZES] },
  after: text,
  before: text,
} satisfies Record<string, JsonSchema>

export const query = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
})

type Validator = { toJSONSchema(): unknown }

/** What a validator asks for; fields that only the browser's forms have are left out. */
export function asked(validator: Validator): JsonSchema {
  const schema = validator.toJSONSchema() as JsonSchema & { required?: string[] }
  const fields = Object.entries(schema.properties as Record<string, JsonSchema>)
  const properties = Object.fromEntries(fields.filter(([name]) => name !== 'request_key'))
  return { ...schema, properties }
}
