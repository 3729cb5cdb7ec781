import db from '@adonisjs/lucid/services/db'
import Instance from '#models/instance'
import { matchingInstances, type InstanceListRequest } from '#models/instance_list'
import type Organization from '#models/organization'
import { NothingChosen, TooManyChosen } from '#exceptions/domain_error'
import { chunked } from '#models/concerns/sql'
import type { InstancePhase } from '#models/types'

/** So many a batch takes: more are narrowed by a search first. */
export const MOST_AT_ONCE = 2_000

/** Rows that were ticked, or all that match a search. */
export type InstanceChoice =
  | { uids: string[]; matching?: never }
  | { matching: Pick<InstanceListRequest, 'search'>; uids?: never }

export type ChosenInstance = {
  id: number
  uid: string
  name: string
  organization_id: number
  phase: InstancePhase
  organization: string
}

/**
 * The living instances a person chose: of one organization, or of all for staff. What they named and cannot see
 * is not among them.
 * @throws NothingChosen, TooManyChosen
 */
export async function chosenInstances(
  organization: Organization | null,
  choice: InstanceChoice
): Promise<ChosenInstance[]> {
  const ids = choice.matching
    ? await matchingInstances(organization, choice.matching.search, MOST_AT_ONCE + 1)
    : await idsOf(organization, choice.uids)
  if (ids.length === 0) throw new NothingChosen()
  if (ids.length > MOST_AT_ONCE) throw new TooManyChosen({ maximum: MOST_AT_ONCE })
  const rows: ChosenInstance[] = []
  for (const some of chunked(ids)) rows.push(...(await rowsOf(some)))
  return rows.toSorted((one, other) => one.name.localeCompare(other.name))
}

async function idsOf(organization: Organization | null, uids: string[]): Promise<number[]> {
  const query = Instance.query().pojo<{ id: number }>().whereIn('uid', uids)
  if (organization) query.where('organization_id', organization.id)
  const rows = await query
    .whereNull('deleted_at')
    .select('id')
    .limit(MOST_AT_ONCE + 1)
  return rows.map(({ id }) => id)
}

function rowsOf(ids: number[]): Promise<ChosenInstance[]> {
  return db
    .from('instances')
    .join('organizations', 'organizations.id', 'instances.organization_id')
    .whereIn('instances.id', ids)
    .select(
      'instances.id',
      'instances.uid',
      'instances.name',
      'instances.organization_id',
      'instances.phase',
      'organizations.name as organization'
    )
}

/** What would go with them: how many addresses and port forwards. */
export async function whatTheyHold(
  chosen: ChosenInstance[]
): Promise<{ addresses: number; forwards: number }> {
  const held = { addresses: 0, forwards: 0 }
  for (const some of chunked(chosen.map(({ id }) => id))) {
    held.addresses += await count('addresses', some)
    held.forwards += await count('port_forwards', some)
  }
  return held
}

async function count(table: 'addresses' | 'port_forwards', instanceIds: number[]): Promise<number> {
  const [row] = await db.from(table).whereIn('instance_id', instanceIds).count('* as total')
  return Number(row.total)
}
