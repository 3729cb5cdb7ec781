import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import type { ClusterAccess } from '#models/cluster'
import { asList } from '#validators/as_list'
import { timeZone } from '#validators/rules/time_zone'
import { keyPairProblem } from '#services/client_certificate'
import { halfWidth } from '#validators/rules/half_width'
import { number, numberIn, whole } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

/** What staff can add, and where it listens when nobody says otherwise. */
const PORTS = { lxd: 8443, proxmox: 8006 }
const ADDABLE = ['lxd', 'proxmox'] as const
const ENDPOINT =
  /^(?:https:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/i

/** Of the kind that stands in the same form, or that the cluster is of. */
const clusterEndpoint = vine.createRule((value, _options, field) => {
  const { driver = field.meta.driver } = field.parent as { driver?: string }
  const [, host, port] = ENDPOINT.exec(String(value)) ?? []
  const url = `https://${host}:${port ?? PORTS[driver === 'proxmox' ? 'proxmox' : 'lxd']}`
  if (!host || !URL.canParse(url)) {
    field.report('{{ field }} must read https://host:port', 'clusterEndpoint', field)
    return
  }
  field.mutate(url.toLowerCase(), field)
})

const notBelowFirst = vine.createRule((value, _options, field) => {
  const { first_vmid: first } = field.parent as { first_vmid?: unknown }
  if (numberIn(value) >= numberIn(first)) return
  field.report('{{ field }} must not be below the first', 'vmidRange', field)
})

const clusterName = () =>
  words(60)
    .minLength(1)
    .unique({
      table: 'clusters',
      column: 'live_name',
      filter: (query, _value, field) => void query.whereNot('id', field.meta.clusterId ?? 0),
    })

export const createClusterValidator = vine.create({
  driver: vine.enum(ADDABLE).parse((value) => value ?? 'lxd'),
  name: clusterName(),
  endpoint: vine.string().parse(halfWidth).trim().maxLength(255).use(clusterEndpoint()),
})

export const updateClusterValidator = vine.withMetaData<{ clusterId: number }>().create(
  vine
    .object({
      name: clusterName(),
      max_parallel_operations: whole().range([1, 500]),
      memory_overcommit: number().range([1, 4]),
      time_zone: timeZone().optional(),
    })
    .toCamelCase()
)

/** The address of a cluster of our own kind, e.g. one for the demo, is nobody's to change in a form. */
export const clusterEndpointValidator = vine.withMetaData<{ driver: string }>().create({
  endpoint: vine.string().parse(halfWidth).trim().maxLength(255).use(clusterEndpoint()),
})

/** VLANs on the bridges of a cluster, parted by commas or spaces; none: nothing is tagged. */
function vlansIn(text: string): number[] {
  const numbers = text
    .split(/[\s,，、]+/)
    .filter(Boolean)
    .map((entry) => (/^\d+$/.test(entry) ? Number(entry) : Number.NaN))
  return [...new Set(numbers)]
}

const vlanList = vine.createRule((value, _options, field) => {
  const isVlan = (vlan: number) => Number.isInteger(vlan) && vlan >= 1 && vlan <= 4094
  if (vlansIn(String(value)).every(isVlan)) return
  field.report('{{ field }} are numbers from 1 to 4094', 'vlans', field)
})

export const vlansValidator = vine.create({
  vlans: vine
    .string()
    .parse((value) => halfWidth(value ?? ''))
    .maxLength(2_000)
    .use(vlanList())
    .transform(vlansIn),
})

const [FIRST_NUMBER, LAST_NUMBER] = [100, 999_999_999]

/** From which instances get their numbers, where a cluster numbers them. */
export const numbersValidator = vine.create(
  vine
    .object({
      first_vmid: whole().range([FIRST_NUMBER, LAST_NUMBER]),
      last_vmid: whole().range([FIRST_NUMBER, LAST_NUMBER]).use(notBelowFirst()),
    })
    .toCamelCase()
)

/** Made with `pveum user token add`, or a user's own password. */
export const accessValidator = vine.create(
  vine
    .object({
      by: vine.enum(['token', 'password'] as const),
      token_id: vine
        .string()
        .trim()
        .maxLength(150)
        .regex(/^[^\s:/@!\p{C}]+@[\w.-]+![\w.-]+$/u)
        .optional()
        .requiredWhen('by', '=', 'token'),
      token_secret: words(200).optional().requiredWhen('by', '=', 'token'),
      username: vine
        .string()
        .trim()
        .maxLength(64)
        .regex(/^[^\s:/@!\p{C}]+@[\w.-]+$/u)
        .optional()
        .requiredWhen('by', '=', 'password'),
      password: vine.string().maxLength(200).optional().requiredWhen('by', '=', 'password'),
    })
    .toCamelCase()
)

/** What of it is kept. */
export function accessOf({
  by,
  tokenId = '',
  tokenSecret = '',
  username = '',
  password = '',
}: Awaited<ReturnType<typeof accessValidator.validate>>): ClusterAccess {
  return by === 'token' ? { tokenId, tokenSecret } : { username, password }
}

/** What the person saw and compared; the server may show another one by now. */
export const pinValidator = vine.create({
  fingerprint: vine.string().regex(/^[0-9a-f]{64}$/),
})

const pemPair = vine.createRule((value, _options, field) => {
  const { certificate } = field.parent as Record<string, unknown>
  const problem = keyPairProblem({
    certificate: typeof certificate === 'string' ? certificate.trim() : '',
    privateKey: String(value),
  })
  if (problem) reportPem(problem, field)
})

function reportPem(problem: string, field: FieldContext): void {
  field.report(`{{ field }}: ${problem}`, `key_pair.${problem}`, field)
}

export const keyPairValidator = vine.create(
  vine
    .object({
      certificate: vine.string().trim().maxLength(20_000),
      private_key: vine.string().trim().maxLength(20_000).use(pemPair()),
    })
    .toCamelCase()
)

/** Made by us, or brought along. */
export const keyPairSourceValidator = vine.create({
  source: vine.enum(['generate', 'upload'] as const),
})

export const trustValidator = vine.create({
  secret: vine.string().minLength(1).maxLength(8_000),
})

export const placementValidator = vine
  .withMetaData<{ storagePools: string[]; networks: string[] }>()
  .create(
    vine
      .object({
        storage_pool: vine.enum(({ meta }) => meta.storagePools as string[]),
        networks: vine
          .array(vine.enum(({ meta }) => meta.networks as string[]))
          .parse(asList)
          .distinct()
          .optional(),
      })
      .toCamelCase()
  )
