import db from '@adonisjs/lucid/services/db'
import type Cluster from '#models/cluster'
import { verdict, type Verdict } from '#models/doctor/verdict'

const NAMED_IMAGES = 3

/** What customers may choose must be there. */
export async function images({ id }: Cluster): Promise<Verdict[]> {
  const offered = await db
    .from('images')
    .where('cluster_id', id)
    .whereNotNull('offered_at')
    .orderBy('name')
    .select('name', 'missing_since')
  if (offered.length === 0) return [verdict('images_warn')]
  const missing = offered.filter((image) => image.missing_since !== null)
  if (missing.length === 0) return [verdict('images_ok', { count: offered.length })]
  const names = missing.slice(0, NAMED_IMAGES).map(({ name }) => name)
  return [verdict('images_fail', { count: missing.length, names: names.join(', ') })]
}

export async function drift({ id }: Cluster): Promise<Verdict[]> {
  const round = await db.from('drift_rounds').where('cluster_id', id).first()
  if (!round?.compared_at) return [verdict('drift_unknown')]
  const { total } = await db
    .from('drift_findings')
    .where('cluster_id', id)
    .whereNull('forgotten_at')
    .count('* as total')
    .firstOrFail()
  const count = Number(total)
  return [count > 0 ? verdict('drift_warn', { count }) : verdict('drift_ok')]
}

export async function operations({ id }: Cluster): Promise<Verdict[]> {
  const { total } = await db
    .from('operations')
    .where({ cluster_id: id, state: 'needs_attention' })
    .count('* as total')
    .firstOrFail()
  const count = Number(total)
  return [count > 0 ? verdict('operations_warn', { count }) : verdict('operations_ok')]
}
