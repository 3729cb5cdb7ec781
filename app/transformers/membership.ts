import type Membership from '#models/membership'
import { isAtLeast } from '#models/membership'
import { ROLES, type Role } from '#models/types'

/** A member as a row; `acting` is who looks, and decides what can be done with it. */
export function memberRow(member: Membership, acting: Membership, path: string) {
  const isOwn = member.id === acting.id
  const mayManage = isAtLeast(acting.role, member.role === 'owner' ? 'owner' : 'admin')
  const canRemove = mayManage && !isOwn
  return {
    uid: member.uid,
    name: member.user.displayName,
    email: member.user.email,
    role: member.role,
    joinedAt: member.createdAt,
    isDisabled: member.user.disabledAt !== null,
    isOwn,
    canRemove,
    menu: [
      ...(mayManage ? roleItems(member, acting, `${path}/${member.uid}`) : []),
      ...(canRemove ? [REMOVE_LINE, removeItem(member)] : []),
    ],
  }
}

const REMOVE_LINE = { line: true }

function roleItems(member: Membership, acting: Membership, path: string) {
  return [
    { title: 'members.change_role' },
    ...grantableRoles(acting).map((role) => ({
      label: `members.make_${role}`,
      action: `${path}?role=${role}`,
      method: 'PUT',
      isActive: role === member.role,
    })),
  ]
}

function removeItem(member: Membership) {
  return {
    label: 'members.remove',
    glyph: 'trash-2',
    opens: `remove-${member.uid}`,
    danger: true,
  }
}

/** From the most to the least; owners are made by owners. */
export function grantableRoles(acting: Membership): Role[] {
  return ROLES.filter((role) => role !== 'owner' || acting.role === 'owner').toReversed()
}
