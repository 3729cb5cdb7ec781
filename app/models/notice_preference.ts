import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { NoticePreferenceSchema } from '#database/schema'
import AuditEvent from '#models/audit_event'
import Membership from '#models/membership'
import type Organization from '#models/organization'
import User from '#models/user'
import { transaction } from '#models/concerns/transaction'
import { NOTICE_KINDS, type NoticeKind, type Role } from '#models/types'

/** Who is told without having asked: those who decide; to whom an instance belongs, its owners. */
const toldUnasked = (kind: NoticeKind | null): readonly Role[] =>
  kind === 'transfer' ? ['owner'] : ['owner', 'admin']

/** So many members a page of preferences shows. */
const MOST_MEMBERS = 200

export type MemberChoice = { member: Membership; kinds: NoticeKind[] }

/** What a member wants by mail, where it is not what their role gets. */
export default class NoticePreference extends NoticePreferenceSchema {
  /** For whom somebody who may can choose beside themselves. */
  static async others(organization: Organization, own: Membership): Promise<Membership[]> {
    const { rows } = await organization.members({}, MOST_MEMBERS)
    return rows.filter(({ id }) => id !== own.id)
  }

  /** What they get by mail. */
  static async choices(members: Membership[]): Promise<MemberChoice[]> {
    const kindsOf = await NoticePreference.kindsOf(members)
    return members.map((member) => ({ member, kinds: kindsOf(member) }))
  }

  /** Of each organization that a person belongs to, what they get by mail. */
  static async ofUser(user: User): Promise<{ name: string; slug: string; kinds: NoticeKind[] }[]> {
    const members = await Membership.query()
      .where('user_id', user.id)
      .whereHas('organization', (organization) => organization.whereNull('deleted_at'))
      .preload('organization')
    const kindsOf = await NoticePreference.kindsOf(members)
    return members
      .map((member) => {
        const { name, slug } = member.organization
        return { name, slug, kinds: kindsOf(member) }
      })
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  private static async kindsOf(members: Membership[]) {
    const preferences = await NoticePreference.query().whereIn(
      'membership_id',
      members.map(({ id }) => id)
    )
    return (member: Membership) =>
      NOTICE_KINDS.filter((kind) => {
        const own = preferences.find(
          (preference) => preference.membershipId === member.id && preference.kind === kind
        )
        return own ? own.byMail : toldUnasked(kind).includes(member.role)
      })
  }

  /** From now on just these. Needs `user`. */
  static async choose(member: Membership, kinds: readonly NoticeKind[]): Promise<void> {
    await transaction(async (trx) => {
      await trx.from('notice_preferences').where('membership_id', member.id).delete()
      await trx.table('notice_preferences').multiInsert(
        NOTICE_KINDS.map((kind) => ({
          membership_id: member.id,
          kind,
          by_mail: kinds.includes(kind),
        }))
      )
      await AuditEvent.record(
        {
          action: 'notice.preferences_changed',
          organizationId: member.organizationId,
          subject: { kind: 'member', uid: member.uid, label: member.user.email },
          after: { kinds: kinds.join(', ') },
        },
        trx
      )
    })
  }
}

/** Who of an organization gets such a mail. `kind` null: those who decide. */
export function readersOf(
  organizationId: number,
  kind: NoticeKind | null,
  client: TransactionClientContract
): Promise<User[]> {
  return User.query({ client })
    .whereNull('users.disabled_at')
    .whereIn('users.id', (members) => {
      members
        .from('memberships')
        .leftJoin('notice_preferences', (join) =>
          join
            .on('notice_preferences.membership_id', 'memberships.id')
            .andOnVal('notice_preferences.kind', kind ?? '')
        )
        .where('memberships.organization_id', organizationId)
        .where((any) =>
          any
            .where('notice_preferences.by_mail', true)
            .orWhere((unasked) =>
              unasked
                .whereNull('notice_preferences.id')
                .whereIn('memberships.role', [...toldUnasked(kind)])
            )
        )
        .select('memberships.user_id')
    })
    .orderBy('users.id')
}
