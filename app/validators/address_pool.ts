import vine from '@vinejs/vine'
import type { FieldContext } from '@vinejs/vine/types'
import { parseAddress } from '#addressing/address'
import { parseCidr, type AddressRange, type Cidr } from '#addressing/cidr'
import { parseList } from '#addressing/parse_list'
import { addressWithin } from '#addressing/ranges'
import { halfWidth, textIn } from '#validators/rules/half_width'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'

const LONGEST_LIST = 200_000
/** More lines than these are not each told; who pasted the wrong file knows by then. */
const TOLD_LINES = 20

const cidrOf = (field: FieldContext): Cidr | null =>
  parseCidr(textIn(field.meta.cidr ?? (field.parent as Record<string, unknown>).cidr))

const network = vine.createRule((value, _options, field) => {
  if (!parseCidr(String(value))) {
    field.report('{{ field }} must read network/prefix', 'network', field)
  }
})

const insideNetwork = vine.createRule((value, _options, field) => {
  const cidr = cidrOf(field)
  if (cidr && !addressWithin(String(value), cidr)) {
    field.report('{{ field }} must be an address of the network', 'insideNetwork', field)
  }
})

/** Becomes the merged ranges; every line that cannot be read is told with its number. */
const addressList = vine.createRule((value, _options, field) => {
  const cidr = cidrOf(field)
  if (!cidr) return
  const { ranges, problems } = parseList(String(value), cidr)
  for (const { line, text, reason } of problems.slice(0, TOLD_LINES)) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
    field.report('line {{ line }}: {{ text }}', `address_list.${reason}`, field, {
      line,
      text: shown,
    })
  }
  const untold = problems.length - TOLD_LINES
  if (untold > 0) {
    field.report('{{ count }} more lines', 'address_list.more', field, { count: untold })
  }
  if (problems.length === 0) field.mutate(ranges, field)
})

const nameservers = vine.createRule((value, _options, field) => {
  const entries = String(value)
    .split(/[\s,]+/)
    .filter(Boolean)
  if (entries.length > 4 || entries.some((entry) => !parseAddress(entry))) {
    field.report('{{ field }} must be up to four addresses', 'nameservers', field)
    return
  }
  field.mutate(entries.join(', '), field)
})

const ranges = () =>
  vine
    .string()
    .parse(halfWidth)
    .maxLength(LONGEST_LIST)
    .use(addressList())
    .transform((value) => value as unknown as AddressRange[])

const definition = {
  name: words(60)
    .minLength(1)
    .unique({
      table: 'address_pools',
      column: 'name',
      filter: (query, _value, { meta }) =>
        void query.where('cluster_id', meta.clusterId).whereNot('id', meta.poolId),
    }),
  cidr: vine.string().parse(halfWidth).trim().maxLength(50).use(network()),
  gateway: vine.string().parse(halfWidth).trim().maxLength(45).use(insideNetwork()).nullable(),
  network: vine.enum((field) => field.meta.networks as string[]),
  nameservers: vine.string().parse(halfWidth).trim().maxLength(200).use(nameservers()).nullable(),
  addresses: ranges().nullable(),
  exclusions: ranges().nullable(),
}

/** In which cluster, before anything else can be judged. */
export const poolClusterValidator = vine.create({ cluster: uid() })

export const addressPoolValidator = vine
  .withMetaData<{ clusterId: number; poolId: number; networks: string[] }>()
  .create(definition)

/** Lines to add to a pool whose network is `meta.cidr`. */
export const importValidator = vine.withMetaData<{ cidr: string }>().create({
  addresses: ranges(),
})
