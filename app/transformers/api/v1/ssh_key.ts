import type InstanceKey from '#models/instance_key'
import type SshKey from '#models/ssh_key'

/** Needs `addedBy`. */
export function apiKey(key: InstanceKey) {
  return { ...apiKeptKey(key), added_by: key.addedBy?.displayName ?? null }
}

/** One that a person keeps with their account, to choose it for instances. */
export function apiKeptKey(key: SshKey | InstanceKey) {
  return {
    uid: key.uid,
    type: key.type,
    fingerprint: key.fingerprint,
    comment: key.comment,
    public_key: key.publicKey,
    created_at: key.createdAt.toISO(),
  }
}
