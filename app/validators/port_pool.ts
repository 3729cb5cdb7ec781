import vine from '@vinejs/vine'
import { parseAddress } from '#addressing/address'
import { textIn } from '#validators/rules/half_width'
import { oneAddress } from '#validators/rules/ip_address'
import { portRanges } from '#validators/rules/ports'
import { words } from '#validators/rules/words'

const sameFamily = vine.createRule((value, _options, field) => {
  const { address } = field.parent as Record<string, unknown>
  const [own, other] = [parseAddress(String(value)), parseAddress(textIn(address))]
  if (own && other && own.family !== other.family) {
    field.report('{{ field }} must be of the same family', 'sameFamily', field)
  }
})

export const portPoolValidator = vine.withMetaData<{ clusterId: number; poolId: number }>().create(
  vine
    .object({
      name: words(60)
        .minLength(1)
        .unique({
          table: 'port_pools',
          column: 'name',
          filter: (query, _value, { meta }) =>
            void query.where('cluster_id', meta.clusterId).whereNot('id', meta.poolId),
        }),
      address: oneAddress(),
      listen_address: oneAddress().use(sameFamily()).nullable(),
      ports: portRanges(),
      reserved: portRanges().nullable(),
    })
    .toCamelCase()
)

/** Lines to add to a pool. */
export const portImportValidator = vine.create({ ports: portRanges() })
