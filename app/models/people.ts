import db from '@adonisjs/lucid/services/db'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'
import { likePrefix } from '#models/concerns/search'
import type { OrganizationKind, StaffRole } from '#models/types'

/*
| Lists over all tenants, for staff: plain rows, one query a page.
*/

const PAGE_SIZE = 50

export type OrganizationListRow = {
  id: number
  uid: string
  name: string
  slug: string
  kind: OrganizationKind
  deleted_at: string | Date | null
  created_at: string | Date
  members: number
  instances: number
}

export type UserListRow = {
  id: number
  uid: string
  email: string
  full_name: string | null
  staff_role: StaffRole | null
  email_verified_at: string | Date | null
  disabled_at: string | Date | null
  last_sign_in_at: string | Date | null
  created_at: string | Date
  organizations: number
}

export function listOrganizations(
  words: string,
  cursor: Cursor
): Promise<KeysetPage<OrganizationListRow>> {
  const query = db
    .from('organizations')
    .select('organizations.*')
    .select(
      db
        .from('memberships')
        .whereColumn('memberships.organization_id', 'organizations.id')
        .count('*')
        .as('members'),
      db
        .from('instances')
        .whereColumn('instances.organization_id', 'organizations.id')
        .whereNull('instances.deleted_at')
        .count('*')
        .as('instances')
    )
  matching(query, words, ['organizations.name', 'organizations.slug', 'organizations.uid'])
  return page<OrganizationListRow>(query, 'organizations.id', cursor)
}

export function listUsers(words: string, cursor: Cursor): Promise<KeysetPage<UserListRow>> {
  const query = db
    .from('users')
    .select(
      'users.id',
      'users.uid',
      'users.email',
      'users.full_name',
      'users.staff_role',
      'users.email_verified_at',
      'users.disabled_at',
      'users.last_sign_in_at',
      'users.created_at'
    )
    .select(
      db
        .from('memberships')
        .whereColumn('memberships.user_id', 'users.id')
        .count('*')
        .as('organizations')
    )
  matching(query, words, ['users.email', 'users.full_name', 'users.username', 'users.uid'])
  return page<UserListRow>(query, 'users.id', cursor)
}

/** Each word stands somewhere in one of the columns. */
function matching(query: DatabaseQueryBuilderContract, words: string, columns: string[]): void {
  for (const word of words.split(/\s+/).filter(Boolean).slice(0, 5)) {
    query.where((any) => {
      for (const column of columns) {
        any.orWhereRaw(`${column} like ? escape '!'`, [likePrefix(`*${word}`)])
      }
    })
  }
}

function page<Row extends { id: number }>(
  query: DatabaseQueryBuilderContract,
  column: string,
  cursor: Cursor
): Promise<KeysetPage<Row>> {
  const order = { columns: [column], descending: true, keyOf: ({ id }: Row) => [id] }
  const run = (narrowed: DatabaseQueryBuilderContract) => narrowed as unknown as PromiseLike<Row[]>
  return keysetPage(query, order, cursor, PAGE_SIZE, run)
}
