import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import app from '@adonisjs/core/services/app'

export type ContractStep = {
  request: {
    method: 'GET' | 'POST' | 'DELETE'
    path: string
    query?: Record<string, string>
    json?: Record<string, unknown>
    form?: Record<string, string>
  }
  answer: { status: number; body: Record<string, unknown> }
}

export type ContractStory = { title: string; steps: ContractStep[] }

export function contractStories(file: string): ContractStory[] {
  const text = readFileSync(app.makePath('tests/contracts', file), 'utf8')
  return (JSON.parse(text) as { stories: ContractStory[] }).stories
}

/** What a value has to be of which only its kind is known. */
const KINDS: Record<string, (value: unknown) => boolean> = {
  '{text}': (value) => typeof value === 'string' && value !== '',
  '{number}': (value) => typeof value === 'number' && value >= 0,
  '{digits}': (value) => typeof value === 'string' && /^\d+$/.test(value),
  '{port}': (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536,
  '{address}': (value) => isIP(String(value)) > 0,
  '{moment}': (value) => !Number.isNaN(Date.parse(String(value))),
  '{link}': (value) => URL.canParse(String(value)),
  '{id}': (value) => /^[a-z0-9]{8,24}$/.test(String(value)),
}

/** Where `actual` is not what the contract says, with what is there; empty: it is. */
export function differences(expected: unknown, actual: unknown, at = 'body'): string[] {
  if (typeof expected === 'string' && expected in KINDS) {
    return KINDS[expected]!(actual) ? [] : [`${at} is ${JSON.stringify(actual)}, no ${expected}`]
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [`${at} is ${JSON.stringify(actual)}, not ${expected.length} rows`]
    }
    return expected.flatMap((each, index) => differences(each, actual[index], `${at}.${index}`))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${at} is ${String(actual)}`]
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, (actual as Record<string, unknown>)[key], `${at}.${key}`)
    )
  }
  if (Object.is(expected, actual)) return []
  return [`${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
}
