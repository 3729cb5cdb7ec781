import { test } from '@japa/runner'
import type Instance from '#models/instance'
import InstanceKey, { MOST_KEYS } from '#models/instance_key'
import { PublicKey } from '#models/concerns/public_key'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world, type World } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

type Scene = World & { instance: Instance }

const keyOf = (material: string, comment: string) =>
  `ssh-ed25519 ${Buffer.from(material).toString('base64')} ${comment}`
const ADA = keyOf('the key of ada', 'ada@laptop')
const BOB = keyOf('the key of bob', 'bob@desk')

test.group('Change of SSH keys', (group) => {
  operationConformance<Scene>(group, {
    type: 'instance.change_keys',
    scene: readyInstance,
    open: (scene) => exchange(scene),
    async done({ acme, instance, fake }, assert) {
      assert.deepEqual(fake.authorizedKeys(instance.ref), [BOB])
      assert.deepEqual(await kept(acme, instance), [BOB])
    },
    async undone({ acme, instance, fake }, assert) {
      assert.deepEqual(fake.authorizedKeys(instance.ref), [ADA])
      assert.deepEqual(await kept(acme, instance), [ADA])
    },
  })
})

test.group('SSH keys of an instance', (group) => {
  group.each.teardown(emptyDatabase)

  test('a fingerprint is what ssh-keygen tells', ({ assert }) => {
    const line =
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMq2bJ0cB1JbQ0wRz3tGvJ0Yw6B0mG0o8o3r1mX1cQ5V ada@example.com'
    assert.match(PublicKey.fingerprint(line), /^SHA256:[A-Za-z0-9+/]{43}$/)
    assert.equal(
      PublicKey.fingerprint(line),
      PublicKey.fingerprint(line.replace('ada@example.com', 'another'))
    )
  })

  test('those it was created with are known, and put in again by a reinstall', async ({
    assert,
  }) => {
    const { acme, instance, image, fake } = await readyInstance()
    await finish(await acme.inside(() => instance.reinstall({ image, by: acme.owner })))
    await acme.inside(() => instance.refresh())
    assert.deepEqual(fake.authorizedKeys(instance.ref), [ADA])
    assert.deepEqual(await kept(acme, instance), [ADA])
  })

  test('what it has already, and what it has not, asks for nothing', async ({ assert }) => {
    const { acme, instance } = await readyInstance()
    const order = { add: [ADA], remove: ['knobody'], by: acme.owner }
    assert.isNull(await acme.inside(() => instance.changeKeys(order)))
  })

  test('there is a limit, and a suspended instance keeps its keys', async ({ assert }) => {
    const { acme, instance } = await readyInstance()
    const many = Array.from({ length: MOST_KEYS }, (_, index) => keyOf(`key ${index}`, ''))
    const change = (add: string[]) =>
      acme.inside(() => instance.changeKeys({ add, by: acme.owner }))
    await assert.rejects(() => change(many), 'E_TOO_MANY_KEYS')
    await finish((await acme.inside(() => instance.suspend('abuse', { by: null }))).operation!)
    await assert.rejects(() => change([BOB]), 'E_INSTANCE_SUSPENDED')
  })
})

/** With one key from its creation. */
async function readyInstance(): Promise<Scene> {
  const found = await world()
  const { instance, operation } = await found.acme.order('web-1', { sshKeys: [ADA] })
  await finish(operation)
  await found.acme.inside(() => instance.refresh())
  return { ...found, instance }
}

function exchange({ acme, instance }: Scene) {
  return acme.inside(async () => {
    const [key] = await InstanceKey.of(instance)
    const order = { add: [BOB], remove: [key!.uid], by: acme.owner }
    return (await instance.changeKeys(order))!
  })
}

async function kept({ inside }: World['acme'], instance: Instance) {
  const keys = await inside(() => InstanceKey.of(instance))
  return keys.map(({ publicKey }) => publicKey)
}
