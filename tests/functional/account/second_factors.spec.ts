import { test } from '@japa/runner'
import { Secret, TOTP } from 'otpauth'
import type { ApiClient } from '@japa/api-client'
import RecoveryCode from '#models/recovery_code'
import type User from '#models/user'
import { auditedActions, freshAccounts, mailsSent } from '#tests/support/accounts'
import { person } from '#tests/support/world'

async function turnOn(client: ApiClient, user: User) {
  await client.get('/account/authenticator').loginAs(user)
  await user.refresh()
  const { secret } = await user.authenticator.begin()
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  return client
    .post('/account/authenticator')
    .loginAs(user)
    .withCsrfToken()
    .form({ code })
    .redirects(0)
}

test.group('Setting up an authenticator app', (group) => {
  freshAccounts(group)

  test('the first code turns it on, and recovery codes are shown once', async ({
    client,
    assert,
  }) => {
    const user = await person()
    const answer = await turnOn(client, user)
    answer.assertHeader('location', '/account/recovery-codes')
    await user.refresh()
    assert.isTrue(user.authenticator.isOn)
    assert.equal(await RecoveryCode.leftOf(user), 10)

    const shown = await client.get('/account/recovery-codes').withSession({
      ...answer.session(),
      __flash__: answer.flashMessages(),
    })
    const codes = shown.text().match(/\b[a-z2-9]{4}(-[a-z2-9]{4}){3}\b/g) ?? []
    assert.lengthOf(codes, 10)
    assert.isFalse(codes.some((code) => JSON.stringify(answer.flashMessages()).includes(code)))
    const later = await client.get('/account/recovery-codes').loginAs(user).redirects(0)
    later.assertHeader('location', '/account/security')
    assert.include(await auditedActions(), 'user.totp_enabled succeeded')
    assert.equal(mailsSent()[0]!.kind, 'SecurityNoticeMail')
  })

  test('a wrong code leaves it off', async ({ client, assert }) => {
    const user = await person()
    await client.get('/account/authenticator').loginAs(user)
    const answer = await client
      .post('/account/authenticator')
      .loginAs(user)
      .header('referer', '/account/authenticator')
      .withCsrfToken()
      .form({ code: '12345' })
      .redirects(0)
    assert.property(answer.flashMessage('inputErrorsBag'), 'code')
    await user.refresh()
    assert.isFalse(user.authenticator.isOn)
  })

  test('its secret is kept sealed', async ({ client, assert }) => {
    const user = await person()
    const page = await client.get('/account/authenticator').loginAs(user)
    const secret = page
      .text()
      .match(/([A-Z2-7]{4} ){7}[A-Z2-7]{4}/)?.[0]
      .replaceAll(' ', '')
    await user.refresh()
    assert.isDefined(secret)
    assert.match(user.totpSecretEncrypted!, /^v1\./)
    assert.notInclude(user.totpSecretEncrypted!, secret!)
  })

  test('turning it off takes the recovery codes of the last factor with it', async ({
    client,
    assert,
  }) => {
    const user = await person()
    await turnOn(client, user)
    await client.delete('/account/authenticator').loginAs(user).withCsrfToken()
    await user.refresh()
    assert.isFalse(user.authenticator.isOn)
    assert.isFalse(await user.hasSecondFactor())
    assert.equal(await RecoveryCode.leftOf(user), 0)
  })

  test('new recovery codes void the old ones', async ({ client, assert }) => {
    const user = await person()
    await turnOn(client, user)
    const before = await RecoveryCode.query().where('user_id', user.id)
    await client.post('/account/recovery-codes').loginAs(user).withCsrfToken()
    const after = await RecoveryCode.query().where('user_id', user.id)
    assert.lengthOf(after, 10)
    assert.notSameMembers(
      after.map(({ hash }) => hash),
      before.map(({ hash }) => hash)
    )
  })
})

test.group('The profile', (group) => {
  freshAccounts(group)

  test('changes name, language and time zone, and is audited', async ({ client, assert }) => {
    const user = await person()
    await client
      .put('/account/profile')
      .loginAs(user)
      .withCsrfToken()
      .form({ full_name: 'Zhang San', locale: 'zh-CN', time_zone: 'Asia/Tokyo' })
    await user.refresh()
    assert.deepEqual(
      [user.fullName, user.locale, user.timeZone],
      ['Zhang San', 'zh-CN', 'Asia/Tokyo']
    )
    assert.deepEqual(await auditedActions(), ['user.profile_changed succeeded'])
  })

  test('refuses a time zone and a language that do not exist', async ({ client, assert }) => {
    const user = await person()
    const refused = await client
      .put('/account/profile')
      .loginAs(user)
      .header('referer', '/account/profile')
      .withCsrfToken()
      .form({ full_name: 'X', locale: '../../etc', time_zone: 'Mars/Olympus' })
      .redirects(0)
    assert.sameMembers(Object.keys(refused.flashMessage('inputErrorsBag') as object), [
      'locale',
      'time_zone',
    ])
  })
})
