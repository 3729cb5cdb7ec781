import { readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import { ProjectCopy } from '#tests/support/project_copy'

test.group('make:driver', (group) => {
  let copy: ProjectCopy

  group.setup(async () => {
    copy = await ProjectCopy.make()
    return () => copy.remove()
  })

  test('what it makes is found by the registry, and passes types and lint', async ({ assert }) => {
    await copy.ace('make:driver', 'hetzner')
    await copy.ace('make:driver', 'hetzner')
    const contract = await readFile(copy.path('app/drivers/contract.ts'), 'utf8')
    const registry = await readFile(copy.path('app/drivers/registry.ts'), 'utf8')
    assert.match(contract, /DRIVER_NAMES = \[[^\]]*'hetzner'\] as const/)
    assert.lengthOf(registry.match(/hetzner: \(\) => import\('#drivers\/hetzner\/driver'\),/g)!, 1)

    await copy.lint('app/drivers', 'tests/drivers/hetzner.spec.ts')
    const told = await copy.typeErrors('app/drivers/**/*', 'tests/drivers/hetzner.spec.ts')
    assert.equal(told, '')
  }).timeout(180_000)

  test('a name that is no folder is refused', async ({ assert }) => {
    await assert.rejects(() => copy.ace('make:driver', '../x'))
    await assert.rejects(() => copy.ace('make:driver', 'Proxmox VE'))
  })
})
