import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { ENDED_STATES, OPEN_STATES } from '#models/operation'
import { sqlTime } from '#models/concerns/sql'
import type { OperationErrorKind, OperationState, OperationType } from '#models/types'

export type TroubledOperation = {
  uid: string
  type: OperationType
  state: OperationState
  error: string | null
  error_kind: OperationErrorKind | null
  failures: number
  created_at: string | Date
  instance: string
  organization: string
  cluster: string | null
}

export type HourOfOperations = { hour: DateTime; succeeded: number; failed: number }

const HOURS = 24
const TROUBLED = 10

/** How many operations stand in each open state now, and how many ended how since yesterday. */
export async function operationCounts(): Promise<Partial<Record<OperationState, number>>> {
  const count = (query: ReturnType<typeof db.from>) =>
    query.groupBy('state').select('state').count('* as total')
  const rows = await Promise.all([
    count(db.from('operations').whereIn('state', [...OPEN_STATES])),
    count(endedSince(yesterday())),
  ])
  return Object.fromEntries(rows.flat().map(({ state, total }) => [state, Number(total)]))
}

/** Those that wait for a person, then those that failed and are tried again; the oldest first. */
export function troubledOperations(): Promise<TroubledOperation[]> {
  return db
    .from('operations')
    .leftJoin('instances', 'instances.id', 'operations.instance_id')
    .leftJoin('licenses', 'licenses.id', 'operations.license_id')
    .join('organizations', 'organizations.id', 'operations.organization_id')
    .leftJoin('clusters', 'clusters.id', 'operations.cluster_id')
    .whereIn('operations.state', [...OPEN_STATES])
    .where((troubled) =>
      troubled.where('operations.state', 'needs_attention').orWhere('operations.failures', '>', 0)
    )
    .orderByRaw("operations.state = 'needs_attention' desc")
    .orderBy('operations.id')
    .limit(TROUBLED)
    .select('operations.uid', 'operations.type', 'operations.state', 'operations.error')
    .select('operations.error_kind', 'operations.failures', 'operations.created_at')
    .select(db.raw('coalesce(instances.name, licenses.name) as instance'))
    .select('organizations.name as organization')
    .select('clusters.name as cluster')
}

/** Ended operations of the last day, hour by hour, also of the hours in which none ended. */
export async function operationsByHour(): Promise<HourOfOperations[]> {
  const first = yesterday().startOf('hour').plus({ hours: 1 })
  const rows = await endedSince(first)
    .groupByRaw('substr(ended_at, 1, 13), state')
    .select(db.raw('substr(ended_at, 1, 13) as hour'), 'state')
    .count('* as total')
  return Array.from({ length: HOURS }, (_, index) => {
    const hour = first.plus({ hours: index })
    const total = (isWanted: (state: OperationState) => boolean) =>
      rows
        .filter((row) => row.hour === sqlTime(hour).slice(0, 13) && isWanted(row.state))
        .reduce((sum, row) => sum + Number(row.total), 0)
    return {
      hour,
      succeeded: total((state) => state === 'succeeded'),
      failed: total((state) => state === 'failed'),
    }
  })
}

export async function countOrganizations(): Promise<number> {
  const row = await db
    .from('organizations')
    .whereNot('kind', 'provider')
    .count('* as total')
    .firstOrFail()
  return Number(row.total)
}

/** The states are named for the index, which begins with them. */
function endedSince(moment: DateTime) {
  return db
    .from('operations')
    .whereIn('state', [...ENDED_STATES])
    .where('ended_at', '>=', sqlTime(moment))
}

const yesterday = () => DateTime.utc().minus({ hours: HOURS })
