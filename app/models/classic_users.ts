import type { ModelQueryBuilderContract } from '@adonisjs/lucid/types/model'
import Membership from '#models/membership'
import User from '#models/user'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'

const PAGE = 500

type ListedUser = { user: User; organization: string | null }

/** Everybody to staff, oneself to anybody else; each with the organization they have owned longest. */
export async function classicUsers(by: User, cursor: Cursor): Promise<KeysetPage<ListedUser>> {
  const query: ModelQueryBuilderContract<typeof User, User> = User.query()
  if (!by.isStaff) query.where('id', by.id)
  const order = { columns: ['users.id'], descending: false, keyOf: ({ id }: User) => [id] }
  const page = await keysetPage(query, order, cursor, PAGE, (narrowed) => narrowed)
  const owned = await Membership.query()
    .whereIn(
      'user_id',
      page.rows.map(({ id }) => id)
    )
    .where('role', 'owner')
    .preload('organization')
    .orderBy('id', 'desc')
  const names = new Map(owned.map(({ userId, organization }) => [userId, organization.name]))
  return {
    ...page,
    rows: page.rows.map((user) => ({ user, organization: names.get(user.id) ?? null })),
  }
}
