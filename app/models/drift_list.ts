import db from '@adonisjs/lucid/services/db'
import type Cluster from '#models/cluster'
import { parsedJson } from '#models/concerns/columns'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import type { DriftFacts, DriftKind } from '#models/types'

export type DriftFilter = {
  words: string
  kind: DriftKind | null
  /** uid */
  cluster: string | null
  isForgotten: boolean
}

export type DriftRow = {
  id: number
  uid: string
  kind: DriftKind
  name: string
  facts: DriftFacts
  first_seen_at: string | Date
  last_seen_at: string | Date
  cluster: string
  cluster_uid: string
  organization: string | null
  instance_uid: string | null
}

const PAGE_SIZE = 50
/** Counting goes no further: an exact figure beyond would cost more than the page. */
export const COUNTED_UP_TO = 1_000

/** Differences of all clusters that are there, or of one, newest first. */
export async function listDrift(
  filter: DriftFilter,
  cursor: Cursor
): Promise<KeysetPage<DriftRow> & { total: number }> {
  const query = matching(filter)
    .leftJoin('instances', 'instances.id', 'drift_findings.instance_id')
    .leftJoin('organizations', 'organizations.id', 'instances.organization_id')
    .select('drift_findings.id', 'drift_findings.uid', 'drift_findings.kind', 'drift_findings.name')
    .select('drift_findings.facts', 'first_seen_at', 'drift_findings.last_seen_at')
    .select('clusters.name as cluster', 'clusters.uid as cluster_uid')
    .select('organizations.name as organization', 'instances.uid as instance_uid')
  const order = {
    columns: ['drift_findings.id'],
    descending: true,
    keyOf: ({ id }: DriftRow) => [id],
  }
  const page = await keysetPage<DriftRow, typeof query>(
    query,
    order,
    cursor,
    PAGE_SIZE,
    (narrowed) => narrowed
  )
  const counted = matching(filter)
    .select('drift_findings.id')
    .limit(COUNTED_UP_TO + 1)
  const { total } = await db.from(counted.as('counted')).count('* as total').firstOrFail()
  return {
    ...page,
    rows: page.rows.map((row) => ({ ...row, facts: parsedJson<DriftFacts>(row.facts) })),
    total: Number(total),
  }
}

/** How many wait for a decision, by cluster. */
export async function driftByCluster(): Promise<Map<number, number>> {
  const rows = await db
    .from('drift_findings')
    .join('clusters', 'clusters.id', 'drift_findings.cluster_id')
    .whereNull('clusters.removed_at')
    .whereNull('drift_findings.forgotten_at')
    .groupBy('drift_findings.cluster_id')
    .select('drift_findings.cluster_id as id')
    .count('* as total')
  return new Map(rows.map(({ id, total }) => [id, Number(total)]))
}

/** Of the comparison of a cluster that was the last; null before the first. */
export async function lastRound({ id }: Pick<Cluster, 'id'>) {
  const row = await db.from('drift_rounds').where('cluster_id', id).first()
  if (!row?.compared_at) return null
  return {
    at: row.compared_at as string | Date,
    guests: Number(row.guests),
    tookMs: Number(row.took_ms),
    restored: Number(row.forwards_restored),
    removed: Number(row.forwards_removed),
    errorKind: row.error_kind as string | null,
  }
}

function matching({ words, kind, cluster, isForgotten }: DriftFilter) {
  const query = db
    .from('drift_findings')
    .join('clusters', 'clusters.id', 'drift_findings.cluster_id')
    .whereNull('clusters.removed_at')
  if (isForgotten) query.whereNotNull('drift_findings.forgotten_at')
  else query.whereNull('drift_findings.forgotten_at')
  if (kind) query.where('drift_findings.kind', kind)
  if (cluster) query.where('clusters.uid', cluster)
  if (words) {
    const pattern = `%${words.replaceAll(/[!%_]/g, (sign) => `!${sign}`)}%`
    query.whereRaw("drift_findings.name like ? escape '!'", [pattern])
  }
  return query
}
