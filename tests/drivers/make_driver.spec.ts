import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { run } from '#tests/support/lxd_lab'

/** What `node ace` and the type checker need of the project. */
const PARTS = [
  ...['package.json', 'tsconfig.json', 'adonisrc.ts', 'ace.js', 'eslint.config.js', '.env.test'],
  ...['.adonisjs', 'bin', 'start', 'config', 'commands', 'app', 'database', 'jobs', 'tests'],
]

test.group('make:driver', (group) => {
  let folder: string

  group.setup(async () => {
    folder = await mkdtemp(app.tmpPath('make-driver-'))
    for (const part of PARTS) {
      await cp(app.makePath(part), join(folder, part), { recursive: true })
    }
    await symlink(app.makePath('node_modules'), join(folder, 'node_modules'))
    return () => rm(folder, { recursive: true, force: true })
  })

  const make = (vendor: string) =>
    run(process.execPath, ['ace.js', 'make:driver', vendor], {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'test' },
    })

  test('what it makes is found by the registry, and passes types and lint', async ({ assert }) => {
    await make('hetzner')
    await make('hetzner')
    const contract = await readFile(join(folder, 'app/drivers/contract.ts'), 'utf8')
    const registry = await readFile(join(folder, 'app/drivers/registry.ts'), 'utf8')
    assert.include(contract, "DRIVER_NAMES = ['fake', 'lxd', 'hetzner'] as const")
    assert.lengthOf(registry.match(/hetzner: \(\) => import\('#drivers\/hetzner\/driver'\),/g)!, 1)

    const files = ['driver', 'client', 'instances'].map((file) => `app/drivers/hetzner/${file}.ts`)
    const spec = 'tests/drivers/hetzner.spec.ts'
    await run('node_modules/.bin/eslint', [...files, spec, 'app/drivers'], { cwd: folder })
    const scope = {
      extends: './tsconfig.json',
      include: ['app/drivers/**/*', 'tests/drivers/**/*'],
    }
    await writeFile(join(folder, 'tsconfig.part.json'), JSON.stringify(scope))
    const told = await run('node_modules/.bin/tsc', ['--noEmit', '-p', 'tsconfig.part.json'], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error)
    assert.equal(told.stdout, '')
  }).timeout(180_000)

  test('a name that is no folder is refused', async ({ assert }) => {
    await assert.rejects(() => make('../x'))
    await assert.rejects(() => make('Proxmox VE'))
  })
})
