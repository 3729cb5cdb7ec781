import { DateTime } from 'luxon'
import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import type { ApiClient } from '@japa/api-client'
import Image from '#models/image'
import Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import Operation from '#models/operation'
import Plan from '#models/plan'
import Transfer from '#models/transfer'
import type User from '#models/user'
import type { OperationType } from '#models/types'
import { finish, world, type World } from '#tests/support/world'

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V ada@example.com'

test.group('Deeds on the pages of an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('a reinstall from the form: a typed name, an image on offer, and a password shown once', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, fake } = await world()
    const web = await acme.instance('web-1')
    const image = await Image.create({
      clusterId: cluster.id,
      name: 'alpine',
      title: 'Alpine',
      ref: 'alpine-3.22',
      kind: 'container',
      sizeMib: 4,
      offeredAt: DateTime.utc(),
      syncedAt: DateTime.utc(),
    })
    const path = `${acme.path}/instances/${web.uid}/reinstallation`
    const page = await client.get(path).loginAs(acme.admin)
    page.assertTextIncludes('Alpine')
    page.assertTextIncludes('What stays')
    const form = { image: image.uid, password_choice: 'generated', confirmation: 'web-1' }
    for (const [wrong, field] of [
      [{ confirmation: 'web-2' }, 'confirmation'],
      [{ image: 'gnobody' }, 'image'],
      [{ password_choice: 'own', password: 'short' }, 'password'],
      [{ ssh_keys: 'rm -rf /' }, 'ssh_keys'],
    ] as const) {
      assert.equal(await refusedAt(client, acme.admin, path, { ...form, ...wrong }), field)
    }
    await post(client, acme.admin, path, form)
    const operation = await newest(acme, 'instance.reinstall')
    await finish(operation)
    assert.equal(operation.state, 'succeeded', operation.error ?? '')
    await acme.inside(() => web.refresh())
    const shown = await acme.inside(() => web.revealRootPassword())
    assert.isTrue(fake.isRootPassword(web.ref, shown!))
  })

  test('another plan from the form, with what cannot be chosen told', async ({
    client,
    assert,
  }) => {
    const { acme, cluster, plan } = await world()
    const web = await acme.instance('web-1')
    const size = {
      kind: 'container',
      cpus: 2,
      memoryMib: 1_024,
      diskGib: 20,
      position: 5,
      snapshotLimit: 3,
      portForwardLimit: 4,
      trafficAction: 'none',
      throttleMbps: 1,
    } as const
    const large = await Plan.create({ ...size, name: 'Large' })
    const tiny = await Plan.create({ ...size, name: 'Tiny', diskGib: 5 })
    await cluster.related('plans').attach([large.id, tiny.id])
    const path = `${acme.path}/instances/${web.uid}/plan`
    const page = await client.get(path).loginAs(acme.admin)
    for (const text of ['Its plan now', 'a disk only grows', 'Large', plan.name]) {
      page.assertTextIncludes(text)
    }
    const change = (wish: string) => `${path}?_method=PUT&wish=${wish}`
    assert.equal(await refusedAt(client, acme.admin, change(''), { plan: tiny.uid }), 'plan')
    assert.equal(await refusedAt(client, acme.admin, change(''), { plan: 'pnobody' }), 'plan')
    await post(client, acme.admin, change(''), { plan: large.uid })
    await finish(await newest(acme, 'instance.resize'))
    await acme.inside(() => web.refresh())
    assert.equal(web.planId, large.id)
    assert.equal(web.snapshotLimit, 3)
  })

  test('a name and keys from the forms', async ({ client, assert }) => {
    const { acme, fake } = await world()
    const web = await acme.instance('web-1')
    await acme.instance('web-2')
    const path = `${acme.path}/instances/${web.uid}`
    const rename = `${path}/name?_method=PUT`
    for (const name of ['web-2', '-x', 'a b', '名']) {
      assert.equal(await refusedAt(client, acme.operator, rename, { name }), 'name')
    }
    await post(client, acme.operator, rename, { name: 'Shop-1' })
    await finish(await newest(acme, 'instance.rename'))
    assert.equal(fake.hostName(web.ref), 'shop-1')

    await post(client, acme.operator, `${path}/ssh-keys`, { ssh_keys: KEY })
    await finish(await newest(acme, 'instance.change_keys'))
    assert.deepEqual(fake.authorizedKeys(web.ref), [KEY])
    const page = await client.get(`${path}/access`).loginAs(acme.viewer)
    page.assertTextIncludes('ada@example.com')
    page.assertTextIncludes('SHA256:')
    const [key] = await acme.inside(() => InstanceKey.of(web))
    await post(client, acme.operator, `${path}/ssh-keys?_method=DELETE`, { keys: key!.uid })
    await finish(await newest(acme, 'instance.change_keys'))
    assert.isEmpty(fake.authorizedKeys(web.ref))
  })

  test('a transfer is offered here, seen and accepted there, and gone from here', async ({
    client,
    assert,
  }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')
    const path = `${acme.path}/instances/${web.uid}/transfer`
    const form = { organization: globex.organization.slug, confirmation: 'web-1' }
    for (const [wrong, field] of [
      [{ organization: 'nobody-at-all' }, 'organization'],
      [{ organization: '../admin' }, 'organization'],
      [{ confirmation: 'web' }, 'confirmation'],
    ] as const) {
      assert.equal(await refusedAt(client, acme.admin, path, { ...form, ...wrong }), field)
    }
    await post(client, acme.admin, path, form)
    const told = await client.get(`${globex.path}/instances`).loginAs(globex.admin)
    told.assertTextIncludes('offers you web-1')
    const toViewer = await client.get(`${globex.path}/instances`).loginAs(globex.viewer)
    assert.notInclude(toViewer.text(), 'offers you')
    const [transfer] = await globex.inside(() => Transfer.offeredTo(globex.organization))
    const offered = `${globex.path}/transfers/${transfer!.uid}`
    const page = await client.get(offered).loginAs(globex.admin)
    page.assertTextIncludes('Receive web-1')
    await globex.instance('web-1')
    const acceptance = `${offered}/acceptance`
    assert.equal(await refusedAt(client, globex.admin, acceptance, { name: 'web-1' }), 'name')
    await post(client, globex.admin, acceptance, { name: 'web-9' })
    const row = await globex.inside(() => Instance.of(globex.organization, web.uid))
    assert.equal(row.name, 'web-9')
    const gone = await client.get(`${acme.path}/instances/${web.uid}`).loginAs(acme.owner)
    gone.assertStatus(404)
  })

  test('an offer is declined there, or withdrawn here', async ({ client, assert }) => {
    const { acme, globex } = await world()
    const web = await acme.instance('web-1')
    const path = `${acme.path}/instances/${web.uid}/transfer`
    const form = { organization: globex.organization.slug, confirmation: 'web-1' }
    await post(client, acme.admin, path, form)
    const [transfer] = await globex.inside(() => Transfer.offeredTo(globex.organization))
    await post(client, globex.admin, `${globex.path}/transfers/${transfer!.uid}?_method=DELETE`, {})
    assert.isEmpty(await globex.inside(() => Transfer.offeredTo(globex.organization)))
    await post(client, acme.admin, path, form)
    await post(client, acme.admin, `${path}?_method=DELETE`, {})
    assert.isEmpty(await globex.inside(() => Transfer.offeredTo(globex.organization)))
  })

  test('what cannot be done is there, disabled, with its reason; what is abuse is not deleted by its owner', async ({
    client,
    assert,
  }) => {
    const { acme, cluster } = await world()
    const web = await acme.instance('web-1')
    await cluster.merge({ settings: { ...cluster.settings, replacement: false } }).save()
    const path = `${acme.path}/instances/${web.uid}`
    const settings = await client.get(`${path}/settings`).loginAs(acme.admin)
    settings.assertTextIncludes('title="Its cluster cannot do this"')
    const asOperator = await client.get(`${path}/settings`).loginAs(acme.operator)
    asOperator.assertTextIncludes('title="Your role does not allow this"')
    await finish((await acme.inside(() => web.suspend('abuse', { by: null }))).operation!)
    const response = await client
      .post(`${path}?_method=DELETE`)
      .form({ confirmation: 'web-1' })
      .header('accept', 'application/json')
      .withCsrfToken()
      .loginAs(acme.owner)
    response.assertStatus(409)
    assert.equal(response.body().error.code, 'E_INSTANCE_SUSPENDED')
  })
})

async function post(client: ApiClient, user: User, path: string, form: Record<string, string>) {
  const response = await client.post(path).form(form).withCsrfToken().loginAs(user).redirects(0)
  response.assertStatus(302)
}

/** The field at which a form is refused. */
async function refusedAt(
  client: ApiClient,
  user: User,
  path: string,
  form: Record<string, string>
): Promise<string | undefined> {
  const response = await client
    .post(path)
    .form(form)
    .header('accept', 'application/json')
    .withCsrfToken()
    .loginAs(user)
  const body = response.body() as { errors?: { field: string }[]; error?: { field?: string } }
  return body.errors?.[0]?.field ?? body.error?.field
}

function newest(acme: World['acme'], type: OperationType): Promise<Operation> {
  return acme.inside(() =>
    Operation.query().where('type', type).orderBy('id', 'desc').firstOrFail()
  )
}
