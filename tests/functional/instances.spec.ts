import { test } from '@japa/runner'
import testUtils from '@adonisjs/core/services/test_utils'
import { world } from '#tests/support/world'
import { countStatements } from '#tests/support/statements'

test.group('List of instances', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  test('shows names, states, addresses and sizes of the own organization only', async ({
    client,
    assert,
  }) => {
    const { acme, globex } = await world()
    await acme.instance('web-1')
    await globex.instance('secret-of-globex')

    const response = await client.get(`${acme.path}/instances`).loginAs(acme.viewer)

    response.assertStatus(200)
    response.assertTextIncludes('web-1')
    response.assertTextIncludes('10.99.0.')
    response.assertTextIncludes('Debian 12')
    response.assertTextIncludes('512')
    assert.notInclude(response.text(), 'secret-of-globex')
  })

  test('an instance being created stands on top with the step it is at', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    await acme.instance('aaa-first-by-name')
    await acme.order('zzz-being-created')

    const response = await client.get(`${acme.path}/instances?sort=name`).loginAs(acme.viewer)

    const html = response.text()
    assert.isBelow(html.indexOf('zzz-being-created'), html.indexOf('aaa-first-by-name'))
    response.assertTextIncludes('Step 1 of 8')
  })

  test('an empty organization is told the next step, and a viewer whom to ask', async ({
    client,
  }) => {
    const { acme } = await world()
    const owner = await client.get(`${acme.path}/instances`).loginAs(acme.owner)
    owner.assertTextIncludes('Pick an image and a size')
    const viewer = await client.get(`${acme.path}/instances`).loginAs(acme.viewer)
    viewer.assertTextIncludes('ask an admin of the organization')
  })

  test('pages follow each other without gap or repetition, forwards and back', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    await acme.lift()
    for (let number = 1; number <= 45; number++) {
      await acme.order(`bulk-${String(number).padStart(2, '0')}`)
    }
    await acme.allReady()
    for (const sort of ['name', '-name', 'created', 'status', '-status']) {
      const seen: string[] = []
      let path: string | null = `${acme.path}/instances?size=20&sort=${sort}`
      let last = ''
      while (path) {
        const page = await client.get(path).loginAs(acme.viewer)
        const html = page.text()
        seen.push(...namesIn(html))
        last = path
        path = linkCalled(html, 'Next')
      }
      assert.lengthOf(new Set(seen), 45, sort)
      assert.lengthOf(seen, 45, sort)

      const lastPage = await client.get(last).loginAs(acme.viewer)
      const back = linkCalled(lastPage.text(), 'Previous')
      const before = await client.get(back!).loginAs(acme.viewer)
      assert.deepEqual(namesIn(before.text()), seen.slice(20, 40), `${sort}, one page back`)
    }
  })

  test('qualifiers and words narrow the list, chips take a condition away', async ({
    client,
    assert,
  }) => {
    const { acme, cluster } = await world()
    const web = await acme.instance('web-1')
    await acme.instance('mail-db-1')
    const found = async (query: string) => {
      const response = await client
        .get(`${acme.path}/instances`)
        .qs({ q: query })
        .loginAs(acme.viewer)
      response.assertStatus(200)
      return namesIn(response.text())
    }
    const { address } = await acme.inside(() => web.related('addresses').query().firstOrFail())

    assert.deepEqual(await found('name:web'), ['web-1'])
    assert.deepEqual(await found('name:db'), [])
    assert.deepEqual(await found('name:*db'), ['mail-db-1'])
    assert.deepEqual(await found('db'), ['mail-db-1'])
    assert.deepEqual(await found(`ip:${address}`), ['web-1'])
    assert.deepEqual(await found(address), ['web-1'])
    assert.deepEqual(await found(web.uid), ['web-1'])
    assert.deepEqual(await found(`cluster:${cluster.name} status:running web`), ['web-1'])
    assert.deepEqual(await found('status:stopped'), [])
    assert.deepEqual(await found('status:stopped status:running'), ['mail-db-1', 'web-1'])
    assert.deepEqual(await found('cluster:elsewhere'), [])
    assert.deepEqual(await found('100% _ ! \\ "quoted'), [])
    assert.deepEqual(await found("'; drop table instances; --"), [])

    const response = await client
      .get(`${acme.path}/instances?q=status:stopped+name:web&sort=name`)
      .loginAs(acme.viewer)
    response.assertTextIncludes('No instance matches')
    response.assertTextIncludes(`${acme.path}/instances?q=name%3Aweb&amp;sort=name`)
  })

  test('an address made up by hand shows the list all the same', async ({ client }) => {
    const { acme } = await world()
    await acme.instance('web-1')
    const response = await client
      .get(`${acme.path}/instances?sort=password&size=7&after=%00&before[]=x&q[]=1`)
      .loginAs(acme.viewer)
    response.assertStatus(200)
    response.assertTextIncludes('web-1')
  })

  test('costs at most six statements, and none more for more rows', async ({ client, assert }) => {
    const { acme } = await world()
    await acme.instance('web-1')
    const page = () => client.get(`${acme.path}/instances`).loginAs(acme.viewer)
    await page()
    const one = await countStatements(page)
    for (const name of ['web-2', 'web-3', 'web-4']) await acme.instance(name)
    const four = await countStatements(page)
    assert.equal(four, one)
    assert.isAtMost(four, 6)
  })
})

test.group('Creating an instance', (group) => {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())

  const order = (w: Awaited<ReturnType<typeof world>>, fields: Record<string, unknown> = {}) => ({
    name: 'web-1',
    image: w.image.uid,
    plan: w.plan.uid,
    cluster: '',
    network: 'all',
    password_choice: 'generated',
    ssh_keys: '',
    request_key: 'a-form-made-once',
    ...fields,
  })

  test('the page offers images, plans and a free name, and tells room and quotas', async ({
    client,
  }) => {
    const { acme, plan } = await world()
    await acme.instance('debian-1')
    const response = await client.get(`${acme.path}/instances/create`).loginAs(acme.operator)
    response.assertStatus(200)
    response.assertTextIncludes('Debian 12')
    response.assertTextIncludes(plan.name)
    response.assertTextIncludes('value="debian-2"')
    response.assertTextIncludes('Quota after this')
  })

  test('what was picked is ordered, and the way leads to its operation', async ({
    client,
    assert,
  }) => {
    const w = await world()
    const { acme } = w
    const response = await client
      .post(`${acme.path}/instances`)
      .loginAs(acme.operator)
      .withCsrfToken()
      .redirects(0)
      .form(order(w))
    response.assertStatus(302)
    const operation = await acme.inside(() =>
      acme.organization.related('operations').query().firstOrFail()
    )
    response.assertHeader('location', `${acme.path}/operations/${operation.uid}`)

    const page = await client.get(`${acme.path}/operations/${operation.uid}`).loginAs(acme.viewer)
    page.assertStatus(200)
    page.assertTextIncludes('Create web-1')
    page.assertTextIncludes('Choosing a node')
    assert.include(page.text(), 'http-equiv="refresh"')
  })

  test('a plan that fits on no node is refused in words, also where there is one cluster to choose', async ({
    client,
  }) => {
    const w = await world()
    await w.plan.merge({ memoryMib: 1_000_000_000 }).save()
    await w.acme.lift()
    const path = `${w.acme.path}/instances/create`
    const response = await client
      .post(`${w.acme.path}/instances`)
      .loginAs(w.acme.operator)
      .header('referer', path)
      .withCsrfToken()
      .redirects(0)
      .form({ ...order(w), _form: 'create-instance' })
    const page = await client
      .get(path)
      .loginAs(w.acme.operator)
      .withFlashMessages(response.flashMessages())
    page.assertTextIncludes('No node has room for this plan.')
  })
})

/** Names in the rows of the table, in their order. */
function namesIn(html: string): string[] {
  return [...html.matchAll(/<a class="block max-w-56[^>]*>([^<]+)</g)].map(([, name]) => name!)
}

function linkCalled(html: string, label: string): string | null {
  const link = new RegExp(`<a[^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*>${label}<`, 's').exec(html)
  return link ? link[1]!.replaceAll('&amp;', '&') : null
}
