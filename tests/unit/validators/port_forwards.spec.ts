import { test } from '@japa/runner'
import { errors } from '@vinejs/vine'
import fc from 'fast-check'
import { LAST_PORT } from '#addressing/ports'
import { rulesOf } from '#forwarders/iptables/rules'
import { LONGEST_RANGE } from '#models/port_forward'
import { forwarderValidator } from '#validators/cluster_forwarder'
import { createPortForwardValidator } from '#validators/port_forward'
import { portImportValidator } from '#validators/port_pool'

/** Words that mean something to a shell, to iptables, to LXD or to a page. */
const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '22; reboot',
    '$(id)',
    '`id`',
    '22\n-A FORWARD -j ACCEPT',
    '22 -j DNAT',
    'COMMIT',
    '--dport 1',
    '0x16',
    '1e3',
    '２２',
    '<script>',
    '../../etc',
    '22\u0000',
    '{{ t }}'
  )
)

async function judge<Value>(validation: Promise<Value>) {
  try {
    return { value: await validation, fields: [] as string[] }
  } catch (error) {
    if (!(error instanceof errors.E_VALIDATION_ERROR)) throw error
    const messages = error.messages as { field: string }[]
    return { value: null, fields: messages.map(({ field }) => field) }
  }
}

test.group('What is typed about port forwards', () => {
  test('becomes ports, or is refused with the field named; none of it reaches a rule', async ({
    assert,
  }) => {
    await fc.assert(
      fc.asyncProperty(HOSTILE, HOSTILE, HOSTILE, async (target, port, note) => {
        const { value, fields } = await judge(
          createPortForwardValidator.validate({ protocol: 'tcp', target_port: target, port, note })
        )
        if (!value) {
          assert.isTrue(fields.every((field) => ['target_port', 'port', 'note'].includes(field)))
          assert.isNotEmpty(fields)
          return
        }
        const { first, last } = value.target_port
        assert.isTrue(first >= 1 && first <= last && last <= LAST_PORT)
        assert.isBelow(last - first, LONGEST_RANGE)
        const rules = rulesOf(
          {
            ref: 'ffuzz',
            protocol: value.protocol as 'tcp',
            listenAddress: '203.0.113.7',
            firstPort: 20_000,
            lastPort: 20_000 + last - first,
            target: { instance: 'pt-x', address: '10.0.0.2', firstPort: first },
          },
          { label: 'cfuzz', listenInterface: null, masquerade: false }
        )
        for (const { spec } of rules) assert.match(spec, /^[\w .:/-]+$/)
      }),
      { numRuns: 200 }
    )
  })

  test('a firewall is told nothing that a shell would read', async ({ assert }) => {
    const fields = ['listen_interface', 'ssh_host', 'ssh_user', 'ssh_host_key'] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), HOSTILE, async (field, typed) => {
        const { value, fields: refused } = await judge(
          forwarderValidator.validate(
            { kind: 'iptables', place: 'here', public_address: null, [field]: typed },
            { meta: { kinds: ['iptables'] } }
          )
        )
        if (!value) return assert.include(refused, field)
        const kept = Object.values(value).filter((one) => typeof one === 'string')
        for (const word of kept) assert.match(word, /^[\w.:@+/-]+$/)
      }),
      { numRuns: 300 }
    )
  })

  test('a pasted list is read whole or each bad entry is told', async ({ assert }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(HOSTILE, { maxLength: 30 }), async (lines) => {
        const { value, fields } = await judge(
          portImportValidator.validate({ ports: lines.join('\n') })
        )
        if (!value) assert.isTrue(fields.length > 0 && fields.every((field) => field === 'ports'))
        else
          for (const { first, last } of value.ports) assert.isTrue(first >= 1 && last <= LAST_PORT)
      }),
      { numRuns: 100 }
    )
  })
})
