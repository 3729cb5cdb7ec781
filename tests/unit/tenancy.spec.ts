import { readdir } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { LucidModel } from '@adonisjs/lucid/types/model'
import Instance from '#models/instance'
import Organization from '#models/organization'
import Quota from '#models/quota'
import { Tenant } from '#models/concerns/tenant'
import { newUid } from '#models/concerns/uid'
import { world, type TestTenant, type World } from '#tests/support/world'

/** A row only: no operation, no cluster call. */
async function row(tenant: TestTenant, name: string, { cluster, plan, image }: World) {
  return Tenant.run(tenant.organization.id, () =>
    Instance.create({
      name,
      liveName: name,
      kind: 'container',
      clusterId: cluster.id,
      planId: plan.id,
      imageId: image.id,
      ref: newUid('r'),
      cpus: 1,
      memoryMib: 512,
      diskGib: 10,
      powerState: 'running',
    })
  )
}

async function twoTenants() {
  const around = await world()
  const { acme, globex } = around
  const [ours, theirs] = [await row(acme, 'ours', around), await row(globex, 'theirs', around)]
  return { ...around, ours, theirs }
}

const names = (instances: { name: string }[]) => instances.map(({ name }) => name)

test.group('Without a tenant', () => {
  const anyValues = { name: 'x' }
  const entryPoints: Record<string, () => unknown> = {
    query: () => Instance.query(),
    find: () => Instance.find(1),
    findOrFail: () => Instance.findOrFail(1),
    findBy: () => Instance.findBy('uid', 'x'),
    findByOrFail: () => Instance.findByOrFail('uid', 'x'),
    findManyBy: () => Instance.findManyBy('name', 'x'),
    findMany: () => Instance.findMany([1]),
    first: () => Instance.first(),
    firstOrFail: () => Instance.firstOrFail(),
    all: () => Instance.all(),
    firstOrNew: () => Instance.firstOrNew(anyValues),
    firstOrCreate: () => Instance.firstOrCreate(anyValues),
    fetchOrNewUpMany: () => Instance.fetchOrNewUpMany('name', [anyValues]),
    fetchOrCreateMany: () => Instance.fetchOrCreateMany('name', [anyValues]),
    updateOrCreate: () => Instance.updateOrCreate(anyValues, {}),
    updateOrCreateMany: () => Instance.updateOrCreateMany('name', [anyValues]),
    create: () => Instance.create(anyValues),
    createQuietly: () => Instance.createQuietly(anyValues),
    createMany: () => Instance.createMany([anyValues]),
    createManyQuietly: () => Instance.createManyQuietly([anyValues]),
  }
  for (const [name, enter] of Object.entries(entryPoints)) {
    test(`${name} throws`, async ({ assert }) => {
      await assert.rejects(async () => await enter(), /no tenant is set/)
    })
  }

  test('walking throws as soon as a row would come in', async ({ assert }) => {
    const { acme } = await twoTenants()
    const { organization } = acme
    await assert.rejects(() => organization.related('instances').query(), /no tenant is set/)
    await assert.rejects(() => organization.load('instances'), /no tenant is set/)
    await assert.rejects(
      () => Organization.query().where('id', organization.id).preload('instances'),
      /no tenant is set/
    )
    await assert.rejects(
      () => organization.related('instances').create({ name: 'x' }),
      /no tenant is set/
    )
  })

  test('a row that is at hand can neither be saved, refreshed nor deleted', async ({ assert }) => {
    const { ours } = await twoTenants()
    ours.name = 'renamed'
    await assert.rejects(() => ours.save(), /no tenant is set/)
    await assert.rejects(() => ours.saveQuietly(), /no tenant is set/)
    await assert.rejects(() => ours.refresh(), /no tenant is set/)
    await assert.rejects(() => ours.delete(), /no tenant is set/)
    await assert.rejects(() => ours.deleteQuietly(), /no tenant is set/)
  })
})

test.group('Inside a tenant', () => {
  test('every way of asking finds only its own rows', async ({ assert }) => {
    const { acme, ours, theirs } = await twoTenants()
    await acme.inside(async () => {
      assert.deepEqual(names(await Instance.all()), ['ours'])
      assert.deepEqual(names(await Instance.query().whereIn('id', [ours.id, theirs.id])), ['ours'])
      assert.deepEqual(names(await Instance.findMany([ours.id, theirs.id])), ['ours'])
      assert.deepEqual(names(await Instance.findManyBy('name', 'theirs')), [])
      assert.isNull(await Instance.find(theirs.id))
      assert.isNull(await Instance.findBy('uid', theirs.uid))
      const blank = await Instance.firstOrNew({ uid: theirs.uid }, {})
      assert.isFalse(blank.$isPersisted)
    })
  })

  test('no form of or leads out', async ({ assert }) => {
    const { acme, theirs } = await twoTenants()
    const { organization } = acme
    const forms = [
      () => Instance.query().orWhere('uid', theirs.uid),
      () => Instance.query().where('name', 'ours').orWhere('uid', theirs.uid),
      () => Instance.query().orWhereIn('id', [theirs.id]).orWhereNotNull('id'),
      () => Instance.query().where('name', 'ours').wrapExisting().orWhere('uid', theirs.uid),
      () => Instance.query().where((query) => query.where('id', 0).orWhere('uid', theirs.uid)),
      () =>
        Instance.query()
          .whereNot('id', 0)
          .orWhereHas('cluster', (query) => query.where('id', 0)),
      () => organization.related('instances').query().orWhere('uid', theirs.uid),
      () => organization.related('instances').query().where('id', 0).orWhere('uid', theirs.uid),
    ]
    await acme.inside(async () => {
      for (const form of forms) {
        assert.notInclude(names(await form()), 'theirs', form.toString())
        assert.notInclude(names(await form().pojo<{ name: string }>()), 'theirs', form.toString())
      }
    })
  })

  test('a query that is printed, counted, paged or cloned stays inside', async ({ assert }) => {
    const { acme, theirs } = await twoTenants()
    await acme.inside(async () => {
      const printed = Instance.query().where('name', 'ours').orWhere('uid', theirs.uid)
      printed.toSQL()
      printed.toQuery()
      assert.deepEqual(names(await printed), ['ours'])
      const page = await Instance.query()
        .orWhere('uid', theirs.uid)
        .orWhere('name', 'ours')
        .paginate(1)
      assert.equal(page.total, 1)
      assert.deepEqual(names(page.all()), ['ours'])
      const clone = Instance.query().orWhereNotNull('id').clone()
      assert.deepEqual(names(await clone), ['ours'])
      const [counted] = await Instance.query()
        .orWhereNotNull('id')
        .count('* as total')
        .pojo<{ total: number }>()
      assert.equal(Number(counted.total), 1)
    })
  })

  test('updates and deletes of many rows stop at the border', async ({ assert }) => {
    const { acme, globex, theirs } = await twoTenants()
    await acme.inside(async () => {
      await Instance.query().orWhere('uid', theirs.uid).update({ cpus: 99 })
      await Instance.query().orWhere('uid', theirs.uid).increment('cpus', 1)
      await Instance.query().where('uid', theirs.uid).delete()
    })
    await globex.inside(() => theirs.refresh())
    assert.equal(theirs.cpus, 1)
  })

  test('a new row belongs to the tenant, and to no other on request', async ({ assert }) => {
    const around = await twoTenants()
    const { acme, globex, ours } = around
    assert.equal(ours.organizationId, acme.organization.id)
    const foreign = { organizationId: globex.organization.id, name: 'smuggled' }
    const attempts = [
      () => Instance.create(foreign),
      () => Instance.createQuietly(foreign),
      () => Instance.createMany([foreign]),
      () => Instance.firstOrCreate({ name: 'smuggled' }, foreign),
      () => Instance.updateOrCreate({ name: 'smuggled' }, foreign),
      () => Instance.updateOrCreateMany('name', [foreign]),
      () => Instance.fetchOrCreateMany('name', [foreign]),
      () => globex.organization.related('instances').create({ name: 'smuggled' }),
      () => globex.organization.related('instances').firstOrCreate({ name: 'smuggled' }),
    ]
    await acme.inside(async () => {
      for (const attempt of attempts) {
        await assert.rejects(async () => await attempt(), /belongs to another tenant/)
      }
    })
  })

  test('a row of another tenant that is at hand cannot be used', async ({ assert }) => {
    const { acme, globex, ours, theirs } = await twoTenants()
    await acme.inside(async () => {
      theirs.cpus = 7
      await assert.rejects(() => theirs.save(), /belongs to another tenant/)
      await assert.rejects(() => theirs.saveQuietly(), /belongs to another tenant/)
      await assert.rejects(() => theirs.refresh(), /belongs to another tenant/)
      await assert.rejects(() => theirs.delete(), /belongs to another tenant/)
      ours.organizationId = globex.organization.id
      await assert.rejects(() => ours.save(), /belongs to another tenant/)
      theirs.organizationId = acme.organization.id
      await assert.rejects(() => theirs.save(), /belongs to another tenant/)
    })
  })

  test('no relation brings a row of another tenant in', async ({ assert }) => {
    const { acme, globex } = await twoTenants()
    await acme.inside(async () => {
      await assert.rejects(
        () => globex.organization.related('instances').query(),
        /belongs to another tenant/
      )
      await assert.rejects(() => globex.organization.load('quotas'), /belongs to another tenant/)
      await assert.rejects(
        () => Organization.query().preload('instances'),
        /belongs to another tenant/
      )
    })
  })

  test('the last of each group can be preloaded', async ({ assert }) => {
    const { acme } = await twoTenants()
    await acme.inside(async () => {
      const [organization] = await Organization.query()
        .where('id', acme.organization.id)
        .preload('instances', (instances) => instances.groupLimit(1))
      assert.deepEqual(names(organization.instances), ['ours'])
    })
  })

  test('work over all tenants says so and sees them', async ({ assert }) => {
    const { ours, theirs } = await twoTenants()
    const found = await Tenant.system('test', () =>
      Instance.query().whereIn('id', [ours.id, theirs.id]).orderBy('name')
    )
    assert.deepEqual(names(found), ['ours', 'theirs'])
  })

  test('a tenant holds over awaits and does not meet another that runs beside it', async ({
    assert,
  }) => {
    const { acme, globex } = await twoTenants()
    const [a, b] = await Promise.all([
      acme.inside(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return Instance.all()
      }),
      globex.inside(() => Instance.all()),
    ])
    assert.deepEqual([names(a), names(b)], [['ours'], ['theirs']])
  })

  test('a job begins without one, even when it is started inside', async ({ assert }) => {
    const { acme } = await twoTenants()
    await acme.inside(() =>
      assert.rejects(() => Tenant.none(() => Instance.all()), /no tenant is set/)
    )
  })
})

test.group('The database', () => {
  test('refuses a child that names its parent under another tenant', async ({ assert }) => {
    const { acme, globex, theirs, pool, cluster } = await twoTenants()
    const address = {
      organization_id: acme.organization.id,
      instance_id: theirs.id,
      cluster_id: cluster.id,
      address_pool_id: pool.id,
      family: 4,
      address: '10.99.0.77',
      address_key: newUid('k'),
      created_at: '2026-01-01 00:00:00',
    }
    await assert.rejects(() => db.table('addresses').insert(address), /foreign key/i)
    await db.table('addresses').insert({ ...address, organization_id: globex.organization.id })
  })

  test('refers by tenant and id wherever one tenant-owned table refers to another', async ({
    assert,
  }) => {
    const tables = await db.connection().getAllTables()
    const owned = new Set<string>()
    for (const table of tables) {
      if ('organization_id' in (await db.connection().columnsInfo(table))) owned.add(table)
    }
    assert.includeMembers([...owned], ['instances', 'addresses', 'operations'])
    for (const table of owned) {
      for (const { target, columns } of await foreignKeys(table)) {
        // An instance that both belong to is of one tenant only.
        const isTied = columns.includes('organization_id') || columns.includes('instance_id')
        if (owned.has(target))
          assert.isTrue(isTied, `${table} → ${target} by ${columns.join(', ')}`)
      }
    }
  })
})

async function foreignKeys(table: string): Promise<{ target: string; columns: string[] }[]> {
  const keys = new Map<string, { target: string; columns: string[] }>()
  const add = (id: string, target: string, column: string) =>
    keys.set(id, { target, columns: [...(keys.get(id)?.columns ?? []), column] })
  if (db.connection().dialect.name === 'mysql') {
    const [rows] = await db.rawQuery(
      `select constraint_name as id, referenced_table_name as target, column_name as name
       from information_schema.key_column_usage
       where table_schema = database() and table_name = ? and referenced_table_name is not null`,
      [table]
    )
    for (const { id, target, name } of rows) add(id, target, name)
  } else {
    const rows = await db.rawQuery(`pragma foreign_key_list(${table})`)
    for (const { id, table: target, from } of rows) add(String(id), target, from)
  }
  return [...keys.values()]
}

test.group('Models', () => {
  test('every table with a tenant has a model that is confined', async ({ assert }) => {
    const unconfined = new Set(['memberships'])
    for (const model of await models()) {
      const columns = await db.connection().columnsInfo(model.table)
      if (!('organization_id' in columns) || unconfined.has(model.table)) continue
      assert.isTrue(isConfined(model), model.name)
    }
  })

  test('no relation leads into tenants from outside, but from the organization', async ({
    assert,
  }) => {
    const owned = new Set(await ownedModels())
    for (const model of await models()) {
      if (owned.has(model) || model === (Organization as LucidModel)) continue
      model.$relationsDefinitions.forEach((relation, name) => {
        relation.boot()
        assert.isFalse(owned.has(relation.relatedModel()), `${model.name}.${name}`)
      })
    }
  })

  test('quotas of another tenant are out of reach', async ({ assert }) => {
    const { acme, globex } = await twoTenants()
    await acme.inside(async () => {
      const quotas = await Quota.query().orWhere('organization_id', globex.organization.id)
      assert.lengthOf(quotas, 0)
    })
  })
})

async function models(): Promise<LucidModel[]> {
  const files = await readdir(app.makePath('app/models'), { withFileTypes: true })
  const found: LucidModel[] = []
  for (const file of files) {
    if (!file.isFile() || !file.name.endsWith('.ts')) continue
    const { default: model } = await import(app.makeURL(`app/models/${file.name}`).href)
    if (typeof model?.boot !== 'function') continue
    model.boot()
    found.push(model)
  }
  return found
}

async function ownedModels(): Promise<LucidModel[]> {
  const all = await models()
  return all.filter(isConfined)
}

function isConfined(model: LucidModel): boolean {
  try {
    Tenant.none(() => void model.query())
    return false
  } catch {
    return true
  }
}
