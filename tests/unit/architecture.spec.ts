import { test } from '@japa/runner'
import { readFileSync, globSync } from 'node:fs'
import { join, posix } from 'node:path'
import app from '@adonisjs/core/services/app'

/*
| Who may import whom: docs/architecture.md draws it, this file keeps it. An import is judged by the path it
| leads to, whichever way it is written.
*/
type Rule = { name: string; files: RegExp; forbidden: RegExp }

const RULES: Rule[] = [
  {
    name: 'drivers know nothing of the portal',
    files: /^app\/drivers\//,
    forbidden: /^(app\/(?!drivers\/)|jobs\/|commands\/|start\/|config\/|database\/|@adonisjs\/)/,
  },
  {
    name: 'a vendor knows the contract and itself, no other vendor',
    files: /^app\/drivers\/(?<vendor>[^/]+)\//,
    forbidden: /^app\/drivers\/(registry$|(?!$<vendor>\/)[^/]+\/)/,
  },
  {
    name: 'forwarders know drivers, and nothing of the portal',
    files: /^app\/forwarders\//,
    forbidden:
      /^(app\/(?!forwarders\/|drivers\/)|jobs\/|commands\/|start\/|config\/|database\/|@adonisjs\/)/,
  },
  {
    name: 'a kind of forwarder knows the contracts, itself and its own vendor, no other',
    files: /^app\/forwarders\/(?<kind>[^/]+)\//,
    forbidden: /^app\/(forwarders|drivers)\/(registry$|(?!$<kind>\/)[^/]+\/)/,
  },
  {
    name: 'models look neither upward nor at a vendor',
    files: /^app\/models\//,
    forbidden:
      /^(app\/(controllers|operations|transformers|policies|validators|middleware|(drivers|forwarders)\/[^/]+)\/|jobs\/)/,
  },
  {
    name: 'operations know nothing of HTTP or of a vendor',
    files: /^app\/operations\//,
    forbidden:
      /^(app\/(controllers|transformers|policies|validators|middleware|(drivers|forwarders)\/[^/]+)\/|jobs\/|@adonisjs\/core\/http$)/,
  },
  {
    name: 'controllers ask models, not drivers, operations or the database',
    files: /^app\/controllers\//,
    forbidden: /^(app\/(drivers|forwarders|operations)\/|jobs\/|@adonisjs\/lucid\/services\/db$)/,
  },
  {
    name: 'addressing and licensing are pure',
    files: /^app\/(?<folder>addressing|licensing)\//,
    forbidden: /^(app\/(?!$<folder>\/)|jobs\/|commands\/|start\/|config\/|database\/|@adonisjs\/)/,
  },
  {
    name: 'jobs call models and operations, nothing else',
    files: /^jobs\//,
    forbidden: /^app\/(controllers|drivers|transformers|policies|validators|middleware)\//,
  },
]

const SOURCES = ['app', 'jobs', 'commands', 'providers', 'start', 'config', 'database'].map(
  (folder) => `${folder}/**/*.ts`
)

const aliases = Object.entries(
  (JSON.parse(read('package.json')) as { imports: Record<string, string> }).imports
).map(([from, to]) => [from.replace('*', ''), to.replace('./', '').replace('*.js', '')])

function read(file: string): string {
  return readFileSync(join(app.makePath(), file), 'utf8')
}

function filesIn(patterns: string[]): string[] {
  return globSync(patterns, { cwd: app.makePath() }).map((file) => file.replaceAll('\\', '/'))
}

/** Static, dynamic and type imports, as paths from the project's root without extension. */
function importsOf(file: string, source: string): string[] {
  const found = source.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)'([^']+)'/g)
  return [...found].map(([, specifier]) => {
    if (specifier.startsWith('.')) {
      return posix.join(posix.dirname(file), specifier).replace(/\.(js|ts)$/, '')
    }
    const alias = aliases.find(([prefix]) => specifier.startsWith(prefix))
    return alias ? specifier.replace(alias[0], alias[1]) : specifier
  })
}

/** `file -> import` for each import that the rule forbids. `$<name>` stands for what the file's path named so. */
function breaches(rule: Rule, file: string, source: string): string[] {
  const match = rule.files.exec(file)
  if (!match) return []
  const pattern = Object.entries(match.groups ?? {}).reduce(
    (text, [name, value]) => text.replaceAll(`$<${name}>`, value),
    rule.forbidden.source
  )
  return importsOf(file, source)
    .filter((path) => new RegExp(pattern).test(path))
    .map((path) => `${file} -> ${path}`)
}

test.group('Architecture', () => {
  for (const rule of RULES) {
    test(rule.name, ({ assert }) => {
      const found = filesIn(SOURCES).flatMap((file) => breaches(rule, file, read(file)))
      assert.deepEqual(found, [])
    })
  }

  test('a breach is seen in {file}')
    .with([
      { file: 'app/drivers/lxd/client.ts', source: `import User from '#models/user'` },
      { file: 'app/drivers/lxd/driver.ts', source: `import { x } from '../proxmox/client.js'` },
      { file: 'app/models/user.ts', source: `const { x } = await import('#drivers/lxd/driver')` },
      { file: 'app/forwarders/lxd/forwarder.ts', source: `import '#forwarders/iptables/rules'` },
      { file: 'app/forwarders/iptables/rules.ts', source: `import '#drivers/lxd/client'` },
      { file: 'app/forwarders/registry.ts', source: `import Cluster from '#models/cluster'` },
      {
        file: 'app/operations/create_instance.ts',
        source: `import type { HttpContext } from '@adonisjs/core/http'`,
      },
      {
        file: 'app/controllers/home_controller.ts',
        source: `import {\n  a,\n  b\n} from '#operations/index'`,
      },
      { file: 'app/addressing/cidr.ts', source: `import '#models/address'` },
      { file: 'jobs/recurring_job.ts', source: `import { x } from '../app/drivers/settle.js'` },
    ])
    .run(({ assert }, { file, source }) => {
      assert.isNotEmpty(RULES.flatMap((rule) => breaches(rule, file, source)))
    })

  test('a vendor may use the contract and its own files', ({ assert }) => {
    const source = `import a from '#drivers/contract'\nimport b from '#drivers/lxd/client'`
    const found = RULES.flatMap((rule) => breaches(rule, 'app/drivers/lxd/driver.ts', source))
    assert.deepEqual(found, [])
  })

  test('the environment is read in config and start/env.ts only', ({ assert }) => {
    const found = filesIn([...SOURCES, 'resources/**/*.{js,edge}'])
      .filter((file) => !file.startsWith('config/') && file !== 'start/env.ts')
      .filter((file) => read(file).includes('process.env'))
    assert.deepEqual(found, [])
  })

  test('no certificate goes unchecked but where it is compared with a pin', ({ assert }) => {
    const unchecked = /rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity/
    const found = filesIn(SOURCES).filter((file) => unchecked.test(read(file)))
    assert.deepEqual(found, ['app/drivers/pinned_agent.ts'])
  })

  test('no shell and no template of words that somebody typed', ({ assert }) => {
    const dangerous =
      /\bexecSync\(|\{ exec\b|shell: true|\bnew Function\(|\beval\(|renderRaw|edge\.mount/
    const found = filesIn(SOURCES).filter((file) => dangerous.test(read(file)))
    assert.deepEqual(found, [])
  })

  test('no statement has words that only one of MySQL and MariaDB knows', ({ assert }) => {
    const words =
      /\.returning\(|\b(nextval|setval|json_value|json_query|json_detailed|json_table|inet6_aton|natural_sort_key)\s*\(|\b(create sequence|for system_time|lateral \()/i
    const found = filesIn(SOURCES).filter((file) => words.test(read(file)))
    assert.deepEqual(found, [])
  })

  test('views query nothing', ({ assert }) => {
    // Slots are rendered, and the frame around a page is loaded, only when a page is.
    const query =
      /\bawait (?!\$slots|loadShell\(\))|\.(query|related|load|preload|findBy|findOrFail|firstOrFail|save)\(/
    const found = filesIn(['resources/views/**/*.edge']).filter((file) => query.test(read(file)))
    assert.deepEqual(found, [])
  })
})
