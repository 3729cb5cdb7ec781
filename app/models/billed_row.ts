import db from '@adonisjs/lucid/services/db'
import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import type { InstanceKind } from '#drivers/contract'
import { timeZoneOf } from '#models/cluster'
import type Instance from '#models/instance'
import { monthOf } from '#models/traffic_month'
import { joinLastMinute, toPoint, type SampleRow, type UsagePoint } from '#models/usage_history'
import { parsedJson } from '#models/concerns/columns'
import type { ClusterSettings, InstancePhase } from '#models/types'

/** What a billing system asks for by the minute, for each of the containers it sells. */
export type BilledRow = {
  billingReference: string
  kind: InstanceKind
  phase: InstancePhase | null
  isSuspended: boolean
  cpus: number
  memoryMib: number
  diskGib: number
  trafficGib: number | null
  createdAt: string | Date
  image: string | null
  /** In the order they were given. */
  addresses: string[]
  /** The month that goes on; null before anything was counted. */
  traffic: { month: string; usedBytes: number } | null
  /** The last minute that was counted, if it is not long ago. */
  usage: UsagePoint | null
}

type RawRow = SampleRow & {
  id: number
  billing_reference: string
  instance_kind: InstanceKind
  phase: InstancePhase | null
  suspensions: number | string
  cpus: number
  instance_memory_mib: number
  disk_gib: number
  traffic_gib: number | null
  created_at: string | Date
  settings: string | ClusterSettings
  image: string | null
  addresses: string | null
  month: string | null
  month_received_bytes: number | string
  month_sent_bytes: number | string
  month_waived_bytes: number | string
}

const COLUMNS = [
  'instances.id',
  'instances.billing_reference',
  'instances.kind as instance_kind',
  'instances.phase',
  'instances.cpus',
  'instances.memory_mib as instance_memory_mib',
  'instances.disk_gib',
  'instances.traffic_gib',
  'instances.created_at',
  'clusters.settings',
  'images.name as image',
  'traffic_months.month',
  'traffic_months.received_bytes as month_received_bytes',
  'traffic_months.sent_bytes as month_sent_bytes',
  'traffic_months.waived_bytes as month_waived_bytes',
  `(select group_concat(addresses.address order by addresses.id) from addresses
    where addresses.instance_id = instances.id and addresses.interface_id is null) as addresses`,
  `(select count(*) from suspensions
    where suspensions.instance_id = instances.id and suspensions.open_on is not null) as suspensions`,
].join(', ')

/** Between the first and the last place on Earth where a day begins. */
const ZONES = ['Etc/GMT-14', 'Etc/GMT+12']

/** By reference, in one statement; plain rows, because models cost more than all the rest of the answer. */
export async function billedRows(
  instances: ModelQueryBuilderContract<typeof Instance>
): Promise<BilledRow[]> {
  const query = instances
    .pojo<RawRow>()
    .join('clusters', 'clusters.id', 'instances.cluster_id')
    .leftJoin('images', 'images.id', 'instances.image_id')
    .joinRaw(
      `left join traffic_months on traffic_months.instance_id = instances.id
        and traffic_months.month in (?, ?)`,
      ZONES.map((zone) => monthOf(Date.now(), zone))
    )
    .select(db.raw(COLUMNS))
    .orderBy('instances.live_billing_reference')
  joinLastMinute(query)
  const rows = new Map<number, BilledRow>()
  for (const raw of await query) {
    const row = toRow(raw)
    // At the turn of a month there are two; only that of the cluster's calendar counts.
    if (row.traffic || !rows.has(raw.id)) rows.set(raw.id, row)
  }
  return [...rows.values()]
}

function toRow(raw: RawRow): BilledRow {
  const timeZone = timeZoneOf(parsedJson(raw.settings))
  const received = Number(raw.month_received_bytes)
  const sent = Number(raw.month_sent_bytes)
  return {
    billingReference: raw.billing_reference,
    kind: raw.instance_kind,
    phase: raw.phase,
    isSuspended: Number(raw.suspensions) > 0,
    cpus: raw.cpus,
    memoryMib: raw.instance_memory_mib,
    diskGib: raw.disk_gib,
    trafficGib: raw.traffic_gib,
    createdAt: raw.created_at,
    image: raw.image,
    addresses: raw.addresses?.split(',') ?? [],
    traffic:
      raw.month === monthOf(Date.now(), timeZone)
        ? { month: raw.month, usedBytes: received + sent - Number(raw.month_waived_bytes) }
        : null,
    usage: raw.span_at === null ? null : toPoint(raw),
  }
}
