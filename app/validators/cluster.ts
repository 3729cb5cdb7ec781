import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { asList } from '#validators/as_list'
import { timeZone } from '#validators/rules/time_zone'
import { keyPairProblem } from '#services/client_certificate'

/** Where LXD listens when nobody says otherwise. */
const LXD_PORT = 8443
const LXD_ENDPOINT =
  /^(?:https:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/i

const lxdEndpoint = vine.createRule((value, _options, field) => {
  const [, host, port] = LXD_ENDPOINT.exec(String(value)) ?? []
  const url = `https://${host}:${port ?? LXD_PORT}`
  if (!host || !URL.canParse(url)) {
    field.report('{{ field }} must read https://host:port', 'lxdEndpoint', field)
    return
  }
  field.mutate(url.toLowerCase(), field)
})

const clusterName = () =>
  vine
    .string()
    .trim()
    .minLength(1)
    .maxLength(60)
    .unique({
      table: 'clusters',
      column: 'live_name',
      filter: (query, _value, field) => void query.whereNot('id', field.meta.clusterId ?? 0),
    })

export const createClusterValidator = vine.create({
  name: clusterName(),
  endpoint: vine.string().trim().maxLength(255).use(lxdEndpoint()),
})

export const updateClusterValidator = vine.withMetaData<{ clusterId: number }>().create(
  vine
    .object({
      name: clusterName(),
      max_parallel_operations: vine.number().withoutDecimals().range([1, 500]),
      memory_overcommit: vine.number().range([1, 4]),
      time_zone: timeZone().optional(),
    })
    .toCamelCase()
)

/** The address of a cluster of our own kind, e.g. one for the demo, is nobody's to change in a form. */
export const clusterEndpointValidator = vine.create({
  endpoint: vine.string().trim().maxLength(255).use(lxdEndpoint()),
})

/** What the person saw and compared; the server may show another one by now. */
export const pinValidator = vine.create({
  fingerprint: vine.string().regex(/^[0-9a-f]{64}$/),
})

const pemPair = vine.createRule((value, _options, field) => {
  const { certificate } = field.parent as Record<string, unknown>
  const problem = keyPairProblem({
    certificate: String(certificate ?? ''),
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
