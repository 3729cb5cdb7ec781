import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import SshKey, { MOST_KEPT_KEYS } from '#models/ssh_key'
import type User from '#models/user'
import InstanceKey from '#models/instance_key'
import { auditedActions, freshAccounts, mailsSent } from '#tests/support/accounts'
import { ed25519Line } from '#tests/support/public_keys'
import { finish, person, world } from '#tests/support/world'

const LAPTOP = ed25519Line('ada@laptop')
const DESK = ed25519Line('ada@desk')
const FLAWS: [what: string, text: string, flaw: RegExp][] = [
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', /is a private key/],
  ['no key at all', 'my laptop', /is not a public SSH key/],
  [
    'a key of an old kind',
    'ssh-dss AAAAB3NzaC1kc3MAAAABAQ== old',
    /is not a public|no longer safe/,
  ],
  ['nothing', '', /required|must/i],
]

const paste = (client: ApiClient, user: User, text: string) =>
  client
    .post('/account/ssh-keys')
    .loginAs(user)
    .withCsrfToken()
    .header('referer', '/account/ssh-keys/create')
    .form({ ssh_keys: text })
    .redirects(0)

test.group('SSH keys of a person', (group) => {
  freshAccounts(group)

  test('are pasted, shown with fingerprint and comment, told by mail and audited, and removed', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const added = await paste(client, user, `# mine\n${LAPTOP}\r\n\n${DESK}\n${LAPTOP}`)
    added.assertHeader('location', '/account/ssh-keys')
    const [laptop, desk] = await SshKey.ofUser(user)
    assert.equal(laptop!.comment, 'ada@laptop')
    assert.equal(desk!.publicKey, DESK)
    assert.deepEqual(
      mailsSent().map(({ kind }) => kind),
      ['SecurityNoticeMail', 'SecurityNoticeMail']
    )
    const page = await client.get('/account/ssh-keys').loginAs(user)
    page.assertTextIncludes('ada@desk')
    page.assertTextIncludes(laptop!.fingerprint)

    const removed = await client
      .delete(`/account/ssh-keys/${laptop!.uid}`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    removed.assertHeader('location', '/account/ssh-keys')
    assert.lengthOf(await SshKey.ofUser(user), 1)
    const audited = await auditedActions()
    assert.include(audited, 'user.ssh_key_kept succeeded')
    assert.include(audited, 'user.ssh_key_removed succeeded')
  })

  test('come in a file as well', async ({ client, assert }) => {
    const user = await person()
    const answer = await client
      .post('/account/ssh-keys')
      .loginAs(user)
      .withCsrfToken()
      .file('file', Buffer.from(`\uFEFF${DESK}\n`), { filename: 'id_ed25519.pub' })
      .redirects(0)
    answer.assertHeader('location', '/account/ssh-keys')
    const [key] = await SshKey.ofUser(user)
    assert.equal(key!.publicKey, DESK)
  })

  test('{0}: is refused at its field, pasted or in a file')
    .with(FLAWS)
    .run(async ({ client, assert }, [, text, flaw]) => {
      const user = await person()
      const pasted = await paste(client, user, text)
      assert.match(String(pasted.flashMessage('inputErrorsBag')?.ssh_keys), flaw)
      const sent = await client
        .post('/account/ssh-keys')
        .loginAs(user)
        .withCsrfToken()
        .file('file', Buffer.from(text), { filename: 'id_rsa' })
        .redirects(0)
      const errors = sent.flashMessage('inputErrorsBag')
      assert.match(String(text ? errors?.file : errors?.ssh_keys), flaw)
      assert.isEmpty(await SshKey.ofUser(user))
      assert.isEmpty(mailsSent())
    })

  test('one that is kept already is named and refused, and nothing else of the paste is kept', async ({
    client,
    assert,
  }) => {
    const user = await person()
    await SshKey.keep(user, [LAPTOP])
    const again = await paste(client, user, `${DESK}\n${LAPTOP.replace('ada@laptop', 'again')}`)
    assert.match(String(again.flashMessage('inputErrorsBag')?.ssh_keys), /already: SHA256:/)
    assert.lengthOf(await SshKey.ofUser(user), 1)
    // Somebody else may have the same one: two people at one desk.
    assert.lengthOf(await SshKey.keep(await person(), [LAPTOP]), 1)
  })

  test('are not without number', async ({ client, assert }) => {
    const user = await person()
    const lines = Array.from({ length: MOST_KEPT_KEYS }, (_, index) => ed25519Line(`key-${index}`))
    await SshKey.keep(user, lines)
    const answer = await paste(client, user, DESK)
    assert.match(String(answer.flashMessage('inputErrorsBag')?.ssh_keys), /at most 50/)
    assert.lengthOf(await SshKey.ofUser(user), MOST_KEPT_KEYS)
  })

  test('of somebody else are neither shown, removed nor chosen', async ({ client, assert }) => {
    const { acme } = await world()
    const [theirs] = await SshKey.keep(await person(), [DESK])
    const page = await client.get('/account/ssh-keys').loginAs(acme.owner)
    assert.notInclude(page.text(), theirs!.fingerprint)
    const removal = await client
      .delete(`/account/ssh-keys/${theirs!.uid}`)
      .loginAs(acme.owner)
      .withCsrfToken()
    removal.assertStatus(404)
    await assert.rejects(
      () => SshKey.chosen(acme.owner, { kept_keys: [theirs!.uid] }),
      /E_NO_SUCH_KEY/
    )
    assert.lengthOf(await SshKey.chosen(acme.owner, {}), 0)
  })
})

test.group('Kept SSH keys', (group) => {
  freshAccounts(group)

  test('are ticked where an instance is made, and it lets them in', async ({ client, assert }) => {
    const { acme, image, plan, fake } = await world()
    const [laptop, desk] = await SshKey.keep(acme.owner, [LAPTOP, DESK])
    const page = await client.get(`${acme.path}/instances/create`).loginAs(acme.owner)
    page.assertTextIncludes(desk!.fingerprint)
    const answer = await client
      .post(`${acme.path}/instances`)
      .loginAs(acme.owner)
      .withCsrfToken()
      .form({
        name: 'web-1',
        image: image.uid,
        plan: plan.uid,
        kept_keys: [laptop!.uid],
        ssh_keys: LAPTOP.replace('ada@laptop', 'pasted too'),
      })
      .redirects(0)
    const uid = answer.header('location')!.split('/').at(-1)!
    const operation = await acme.inside(() =>
      acme.organization.related('operations').query().where('uid', uid).firstOrFail()
    )
    await finish(operation)
    const instance = await acme.inside(() =>
      acme.organization.related('instances').query().firstOrFail()
    )
    assert.deepEqual(fake.authorizedKeys(instance.ref), [LAPTOP])
  })

  test('are ticked for an instance that runs; one that was removed meanwhile is refused by name', async ({
    client,
    assert,
  }) => {
    const { acme } = await world()
    const instance = await acme.instance('web-1')
    const [laptop, desk] = await SshKey.keep(acme.owner, [LAPTOP, DESK])
    const path = `${acme.path}/instances/${instance.uid}`
    for (const where of ['access', 'reinstallation']) {
      const page = await client.get(`${path}/${where}`).loginAs(acme.owner)
      page.assertTextIncludes(laptop!.fingerprint)
    }
    const add = (uid: string) =>
      client
        .post(`${path}/ssh-keys`)
        .loginAs(acme.owner)
        .withCsrfToken()
        .form({ kept_keys: uid })
        .redirects(0)
    await desk!.remove(acme.owner)
    const refused = await add(desk!.uid)
    assert.match(String(refused.flashMessage('inputErrorsBag')?.kept_keys), /no longer keep/)
    const taken = await add(laptop!.uid)
    assert.include(taken.header('location'), '/operations/')
    const [operation] = await acme.inside(() =>
      instance.related('operations').query().orderBy('id', 'desc')
    )
    await finish(operation!)
    const [key] = await acme.inside(() => InstanceKey.of(instance))
    assert.equal(key!.publicKey, LAPTOP)
  })
})
