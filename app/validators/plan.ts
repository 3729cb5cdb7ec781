import vine from '@vinejs/vine'
import { INSTANCE_KINDS } from '#drivers/contract'
import { TRAFFIC_ACTIONS } from '#models/types'
import { asList } from '#validators/as_list'
import { whole } from '#validators/rules/numbers'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'

const MIB_PER_GIB = 1024
const amount = (least: number, most: number) => whole().range([least, most])
/** An empty field says "not limited". */
const limit = (most: number) => amount(1, most).nullable()

export const planValidator = vine.withMetaData<{ planId: number }>().create(
  vine
    .object({
      name: words(40)
        .minLength(1)
        .unique({
          table: 'plans',
          column: 'name',
          filter: (query, _value, field) => void query.whereNot('id', field.meta.planId),
        }),
      description: words(200).nullable(),
      kind: vine.enum(INSTANCE_KINDS),
      cpus: amount(1, 512),
      memory_mib: amount(32, 4096 * MIB_PER_GIB),
      disk_gib: amount(1, 1_000_000),
      ingress_mbps: limit(400_000),
      egress_mbps: limit(400_000),
      traffic_gib: limit(100_000_000),
      traffic_action: vine.enum(TRAFFIC_ACTIONS),
      throttle_mbps: amount(1, 400_000),
      snapshot_limit: amount(0, 1000),
      port_forward_limit: amount(0, 1000),
      position: amount(0, 10_000),
      clusters: vine.array(uid()).parse(asList).maxLength(500).optional(),
    })
    .toCamelCase()
)
