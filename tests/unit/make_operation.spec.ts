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

    // None of the three writes what another one reads.
    const specs = ['operations/defrost_instance', 'catalogue', 'translations', 'architecture']
    const files = specs.flatMap((spec) => ['--files', `tests/unit/${spec}.spec.ts`])
    const [told, { stdout }] = await Promise.all([
      copy.typeErrors('*.ts', ...SOURCES, 'tests/unit/operations/*'),
      copy.ace('test', 'unit', ...files).catch((error: { stdout: string }) => error),
      copy.lint(...PLACES.filter((file) => file.endsWith('.ts'))),
    ])
    assert.equal(told, '')
    assert.include(stdout, 'is killed at "run defrost after"')
    assert.match(stdout, /PASSED/)
  }).timeout(300_000)

  test('what is no verb and noun is refused, and what has no words', async ({ assert }) => {
    const refused = [
      ['defrost', ...WORDS],
      ['../defrost_instance', ...WORDS],
      ['defrost_instance', '--en=Defrost'],
    ]
    await Promise.all(
      refused.map((words) => assert.rejects(() => copy.ace('make:operation', ...words)))
    )
  }).timeout(60_000)
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
