import { test } from '@japa/runner'
import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'

/** Read by the runtime itself, before our own code. */
const OF_THE_RUNTIME = ['TZ']

function names(file: string, pattern: RegExp): string[] {
  const text = readFileSync(app.makePath(file), 'utf8')
  return [...text.matchAll(pattern)].map(([, name]) => name)
}

const known = [...names('start/env.ts', /^\s+([A-Z][A-Z0-9_]+): Env\.schema/gm), ...OF_THE_RUNTIME]

test.group('Environment', () => {
  test('.env.example explains every variable and no other', ({ assert }) => {
    assert.sameMembers(names('.env.example', /^#?([A-Z][A-Z0-9_]+)=/gm), known)
  })

  test('.env.test sets every variable and no other', ({ assert }) => {
    assert.sameMembers(names('.env.test', /^([A-Z][A-Z0-9_]+)=/gm), known)
  })
})
