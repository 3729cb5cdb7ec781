import type SshKey from '#models/ssh_key'

/** A kept key as a row of its owner's page, and to be ticked in a form. */
export function sshKeyItem({ uid, type, comment, fingerprint, createdAt }: SshKey) {
  return { uid, type, comment, fingerprint, createdAt }
}
