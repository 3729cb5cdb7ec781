/*
| Words for what an answer looks like, as JSON Schema. `of` binds a schema to the transformer that makes the
| answer: the compiler refuses one that lacks a field or has one too many.
*/
export type JsonSchema = { [key: string]: unknown }

export const text: JsonSchema = { type: 'string' }
export const whole: JsonSchema = { type: 'integer' }
export const number: JsonSchema = { type: 'number' }
export const truth: JsonSchema = { type: 'boolean' }
export const moment: JsonSchema = { type: 'string', format: 'date-time' }
export const nothing: JsonSchema = { type: 'null' }

export const oneOf = (values: readonly string[]): JsonSchema => ({
  type: 'string',
  enum: [...values],
})

export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

export const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, nothing] })

export const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

/** What a transformer makes, field by field. */
export function of<Made extends object>(fields: { [Key in keyof Made]-?: JsonSchema }): JsonSchema {
  return object(fields as Record<string, JsonSchema>)
}

/** The same where some fields may be left out. */
export function partly(schema: JsonSchema, ...optional: string[]): JsonSchema {
  const required = (schema.required as string[]).filter((name) => !optional.includes(name))
  return { ...schema, required }
}

/** Two objects in one. */
export function both(first: JsonSchema, second: JsonSchema): JsonSchema {
  const properties = { ...(first.properties as object), ...(second.properties as object) }
  return object(properties as Record<string, JsonSchema>)
}
