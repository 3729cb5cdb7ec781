import type KeyApproval from '#models/key_approval'
import { isPossible } from '#models/key_approval'
import type SigningKey from '#models/signing_key'
import type User from '#models/user'
import { KEY_DEEDS } from '#models/types'

const DOORS = { next: 'waiting', active: 'active', retired: 'retired', revoked: 'revoked' } as const

export function keyRow(key: SigningKey) {
  return {
    uid: key.uid,
    keyId: key.keyId,
    path: `/admin/signing-keys/${key.uid}`,
    purpose: key.purpose,
    algorithm: key.algorithm,
    bits: key.bits,
    origin: key.origin,
    state: key.keyState,
    door: DOORS[key.keyState],
    createdAt: key.createdAt,
    activatedAt: key.activatedAt,
    deeds: KEY_DEEDS.filter((deed) => isPossible(key, deed)),
  }
}

export function approvalRow(approval: KeyApproval, reader: User) {
  const isMine = approval.requestedById === reader.id
  return {
    path: `/admin/signing-keys/requests/${approval.uid}`,
    deed: approval.deed,
    key: approval.signingKey.keyId,
    reason: approval.reason,
    by: approval.requestedBy?.displayName ?? '',
    isApproved: approval.approvedAt !== null,
    canApprove: !isMine && approval.approvedAt === null,
    canExport: isMine && approval.approvedAt !== null && approval.deed === 'export',
    createdAt: approval.createdAt,
  }
}
