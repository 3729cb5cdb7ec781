import { readdir, readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'

const FOLDER = app.makePath('resources/js/alpine')

test.group('Components of the browser', () => {
  test('each keeps what it knows in fields of its own', async ({ assert }) => {
    // Alpine writes a field that nobody declared to the outermost component, where it may be somebody else's.
    for (const file of await readdir(FOLDER)) {
      const source = await readFile(`${FOLDER}/${file}`, 'utf8')
      const named = (pattern: RegExp) => [...source.matchAll(pattern)].map(([, name]) => name)
      const declared = named(/^ {2}(?:get |async )?(\w+)(?=[:(])/gm)
      assert.includeMembers(declared, named(/this\.(\w+) = /g), file)
    }
  })
})
