import { constants, privateDecrypt } from 'node:crypto'
import { test } from '@japa/runner'
import { classicFile, classicFileName, classicText } from '#licensing/classic_file'
import { closedUntil } from '#licensing/download_pace'
import { licenseState } from '#licensing/license_state'
import { licenseFacts, rsaPair, testHost } from '#tests/support/licensing'

const facts = licenseFacts({ ...testHost(), mac: '52:54:00:12:34:56', serialNumber: 'SN1' })

test.group('Licensing | classic file', () => {
  test('nine lines, desktops, images, users first', ({ assert }) => {
    assert.equal(
      classicText(facts, 'images_users'),
      '100\n20\n80\n400\n1024\n10000\n2027-11-21\n52:54:00:12:34:56\nSN1'
    )
  })

  test('or in the order of old programs', ({ assert }) => {
    assert.equal(
      classicText(facts, 'users_images'),
      '100\n80\n20\n400\n1024\n10000\n2027-11-21\n52:54:00:12:34:56\nSN1'
    )
  })

  test('the host opens it, byte for byte', ({ assert }) => {
    const { publicKey, privateKey } = rsaPair('classic', 1024)
    const text = classicText(facts, 'images_users')
    const file = classicFile(text, publicKey)!
    assert.match(file, /^[0-9a-f]{256}$/)
    const opened = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.from(file, 'hex')
    )
    assert.equal(opened.toString(), text)
  })

  test('what one block of 1024 bits does not hold is refused', ({ assert }) => {
    const { publicKey } = rsaPair('classic', 1024)
    assert.isNotNull(classicFile('x'.repeat(117), publicKey))
    assert.isNull(classicFile('x'.repeat(118), publicKey))
  })

  test('its name is in upper case', ({ assert }) => {
    assert.equal(classicFileName('Acme-desk'), 'ACME-DESK_LICENSE')
  })
})

test.group('Licensing | downloads and states', () => {
  const every = (seconds: number, count: number) =>
    Array.from({ length: count }, (_, index) => index * seconds * 1000)

  test('a sixth download in a hurry closes the door for ten minutes', ({ assert }) => {
    assert.isNull(closedUntil(every(30, 5), 121_000))
    assert.equal(closedUntil(every(30, 6), 151_000), 750_000)
    assert.isNull(closedUntil(every(30, 6), 750_000))
    assert.isNull(closedUntil(every(31, 20), 600_000))
  })

  test('after twenty minutes of silence the counting starts anew', ({ assert }) => {
    const early = every(30, 5)
    const soon = early.at(-1)! + 1_000_000
    const late = early.at(-1)! + 1_200_001
    assert.isNotNull(closedUntil([...early, soon, soon + 1000], soon + 2000))
    assert.isNull(closedUntil([...early, late, late + 1000], late + 2000))
  })

  test('states are told in their precedence', ({ assert }) => {
    const fine = {
      isRevoked: false,
      isSuspended: false,
      isExpired: false,
      hasHost: true,
      isLastUploadRefused: false,
      isDownloadBroken: false,
    }
    assert.equal(licenseState(fine), 'TODOWNLOAD')
    assert.equal(licenseState({ ...fine, hasHost: false }), 'TOUPLOAD')
    assert.equal(licenseState({ ...fine, isLastUploadRefused: true }), 'INFOERROR')
    assert.equal(licenseState({ ...fine, isDownloadBroken: true }), 'DOWNLOADERROR')
    assert.equal(licenseState({ ...fine, isExpired: true, hasHost: false }), 'EXPIRED')
    assert.equal(licenseState({ ...fine, isSuspended: true, isRevoked: true }), 'REVOKED')
  })
})
