import { test } from '@japa/runner'
import { errors } from '@vinejs/vine'
import fc from 'fast-check'
import { sizeConfig } from '#drivers/lxd/sizes'
import {
  acceptTransferValidator,
  addKeysValidator,
  offerTransferValidator,
  reinstallValidator,
  removeKeysValidator,
  renameInstanceValidator,
  resizeInstanceValidator,
} from '#validators/instance'

/** Words that mean something to a shell, to LXD, to a template or to a page, and anything else. */
const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '',
    ' ',
    '$(reboot)',
    '`id`',
    'web-1; rm -rf /',
    'web-1\nroot:x',
    '../../1.0/instances',
    'a'.repeat(64),
    '-web',
    'web-',
    'Web 1',
    '{{ name }}',
    '<script>alert(1)</script>',
    'ＷＥＢ',
    'web\u0000',
    'ssh-rsa AAAA\ncommand="reboot" ssh-rsa AAAA',
    '-----BEGIN OPENSSH PRIVATE KEY-----'
  ),
  fc.constantFrom(0, -1, 1.5, Number.NaN, null, true, [], {}, ['a', {}])
)

type Validator = { validate(data: unknown): Promise<Record<string, unknown>> }

async function judge(validator: unknown, data: unknown) {
  try {
    return { value: await (validator as Validator).validate(data), fields: [] as string[] }
  } catch (error) {
    if (!(error instanceof errors.E_VALIDATION_ERROR)) throw error
    const messages = error.messages as { field: string }[]
    return { value: null, fields: messages.map(({ field }) => field.split('.')[0]!) }
  }
}

/** Whatever is typed into a field is refused there, or becomes what `fits` says. */
async function holds(
  validator: unknown,
  valid: Record<string, unknown>,
  field: string,
  fits: (value: unknown) => boolean
) {
  await fc.assert(
    fc.asyncProperty(HOSTILE, async (typed) => {
      const { value, fields } = await judge(validator, { ...valid, [field]: typed })
      return value ? fits(value[field]) : fields.length > 0 && fields.every((at) => at === field)
    }),
    { numRuns: 300 }
  )
}

const isHostName = (value: unknown) => /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(String(value))
const isUid = (value: unknown) => typeof value === 'string' && value.length <= 24
const areKeys = (value: unknown) =>
  value === undefined ||
  (Array.isArray(value) &&
    value.every((line) => typeof line === 'string' && !/[\p{Cc}]/u.test(line.replaceAll('\t', ''))))

test.group('What is typed about an instance', () => {
  test('a name is a host name, or is refused at its field', () =>
    holds(renameInstanceValidator, {}, 'name', isHostName))

  test('so is the name under which it is received', () =>
    holds(acceptTransferValidator, {}, 'name', isHostName))

  test('a plan is the uid of one, whatever it says', () =>
    holds(resizeInstanceValidator, {}, 'plan', isUid))

  test('keys are lines for authorized_keys and nothing that a line could end', () =>
    holds(addKeysValidator, {}, 'ssh_keys', areKeys))

  test('keys to be removed are named by uid', () =>
    holds(
      removeKeysValidator,
      {},
      'keys',
      (value) => Array.isArray(value) && value.every((uid) => isUid(uid))
    ))

  test('who receives it is named as its pages are', () =>
    holds(offerTransferValidator('web-1'), { confirmation: 'web-1' }, 'organization', (value) =>
      /^[a-z0-9][a-z0-9-]{0,39}$/.test(String(value))
    ))

  for (const field of ['image', 'password', 'ssh_keys', 'confirmation'] as const) {
    test(`a reinstall names ${field} when that is wrong`, () => {
      const valid = {
        image: 'g1',
        password_choice: 'own',
        password: 'a long password',
        confirmation: 'web-1',
      }
      return holds(reinstallValidator('web-1'), valid, field, (value) => {
        switch (field) {
          case 'image':
            return isUid(value)
          case 'password':
            return /^[^\p{Cc}]+$/u.test(String(value)) && String(value).length >= 10
          case 'ssh_keys':
            return areKeys(value)
          case 'confirmation':
            return value === 'web-1'
        }
      })
    })
  }

  test('a size becomes numbers in what LXD is told', ({ assert }) => {
    fc.assert(
      fc.property(fc.nat(512), fc.nat(4_194_304), (cpus, memoryMib) => {
        const size = { cpus, memoryMib, diskGib: 1, ingressMbps: null, egressMbps: null }
        for (const limit of Object.values(sizeConfig(size))) assert.match(limit, /^(\d+(MiB)?)?$/)
      })
    )
  })
})
