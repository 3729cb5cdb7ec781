import vine from '@vinejs/vine'
import { sshKeyProblem } from '#services/ssh_key_pair'
import { oneAddress } from '#validators/rules/ip_address'
import { halfWidth } from '#validators/rules/half_width'
import { whole } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

/** Where the firewall stands: on the machine Portico runs on, or on another one. */
export const FIREWALL_PLACES = ['here', 'ssh'] as const

const sshKey = vine.createRule((value, _options, field) => {
  const problem = sshKeyProblem(String(value))
  if (problem) field.report(`{{ field }}: ${problem}`, `ssh_key.${problem}`, field)
})

/** http or https, a host, perhaps a port; nothing behind it, and nobody's password in it. */
const routerAddress = vine.createRule((value, _options, field) => {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : null
  const isPlain =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === ''
  if (!isPlain) field.report('{{ field }} is no address of a router', 'router_address', field)
})

/** Letters that neither a shell nor iptables reads as anything else. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+:[0-9a-f:.]*)$/i

export const forwarderValidator = vine.withMetaData<{ kinds: readonly string[] }>().create(
  vine
    .object({
      kind: vine.enum(({ meta }) => meta.kinds as string[]),
      public_address: oneAddress().nullable(),
      listen_interface: vine
        .string()
        .trim()
        .maxLength(15)
        .regex(/^[\w.:-]+$/)
        .nullable()
        .optional(),
      masquerade: vine.accepted().optional(),
      place: vine.enum(FIREWALL_PLACES).optional().requiredWhen('kind', '=', 'iptables'),
      ssh_host: vine
        .string()
        .parse(halfWidth)
        .trim()
        .maxLength(255)
        .regex(HOST)
        .nullable()
        .optional()
        .requiredWhen('place', '=', 'ssh'),
      ssh_port: whole().range([1, 65_535]).nullable().optional(),
      ssh_user: vine
        .string()
        .trim()
        .regex(/^[a-z_][a-z0-9_-]{0,31}$/)
        .nullable()
        .optional(),
      ssh_host_key: vine
        .string()
        .trim()
        .regex(/^SHA256:[A-Za-z0-9+/]{43}$/)
        .nullable()
        .optional(),
      router_endpoint: vine
        .string()
        .parse(halfWidth)
        .trim()
        .maxLength(255)
        .use(routerAddress())
        .nullable()
        .optional()
        .requiredWhen('kind', '=', 'ikuai'),
      router_user: words(64).nullable().optional(),
      router_fingerprint: vine
        .string()
        .trim()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .optional(),
      router_secret: words(200).nullable().optional(),
      private_key: vine.string().trim().maxLength(20_000).use(sshKey()).nullable().optional(),
    })
    .toCamelCase()
)
