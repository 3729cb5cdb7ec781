import { readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import { ProjectCopy } from '#tests/support/project_copy'

const WORDS = ['--en=Defrost', '--zh=解冻']

test.group('make:operation', (group) => {
  let copy: ProjectCopy

  group.setup(async () => {
    copy = await ProjectCopy.make()
    return () => copy.remove()
  })

  test('what it makes is complete: types and lint hold, it runs, and it has its words', async ({
    assert,
  }) => {
    await copy.ace('make:operation', 'defrost_instance', ...WORDS)
    const made = await Promise.all(PLACES.map((file) => readFile(copy.path(file), 'utf8')))
    await copy.ace('make:operation', 'defrost_instance', ...WORDS)
    const again = await Promise.all(PLACES.map((file) => readFile(copy.path(file), 'utf8')))
    assert.deepEqual(again, made)

    await copy.lint(...PLACES.filter((file) => file.endsWith('.ts')))
    const told = await copy.typeErrors('*.ts', ...SOURCES, 'tests/unit/operations/*')
    assert.equal(told, '')

    const specs = ['operations/defrost_instance', 'catalogue', 'translations', 'architecture']
    const { stdout } = await copy.ace(
      'test',
      'unit',
      ...specs.flatMap((spec) => ['--files', `tests/unit/${spec}.spec.ts`])
    )
    assert.include(stdout, 'is killed at "run defrost after"')
    assert.match(stdout, /PASSED/)
  }).timeout(300_000)

  test('what is no verb and noun is refused, and what has no words', async ({ assert }) => {
    await assert.rejects(() => copy.ace('make:operation', 'defrost', ...WORDS))
    await assert.rejects(() => copy.ace('make:operation', '../defrost_instance', ...WORDS))
    await assert.rejects(() => copy.ace('make:operation', 'defrost_instance', '--en=Defrost'))
  }).timeout(30_000)
})

const SOURCES = ['.adonisjs/server', 'app', 'commands', 'config', 'database', 'jobs', 'start'].map(
  (folder) => `${folder}/**/*`
)

const PLACES = [
  'app/operations/defrost_instance.ts',
  'tests/unit/operations/defrost_instance.spec.ts',
  'app/operations/index.ts',
  'app/models/types.ts',
  'app/models/instance.ts',
  ...['en', 'zh-CN'].flatMap((locale) => [
    `resources/lang/${locale}/operations.json`,
    `resources/lang/${locale}/audit.json`,
  ]),
]
