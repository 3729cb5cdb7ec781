import ssh from 'ssh2'

export type SshKeyPair = { publicKey: string; privateKey: string }

const { utils } = ssh

/** A fresh ed25519 pair; `comment` stands behind the public half. */
export function makeSshKeyPair(comment: string): SshKeyPair {
  const pair = utils.generateKeyPairSync('ed25519', { comment })
  return { publicKey: pair.public, privateKey: pair.private }
}

/** Why a pasted text is no private key we can use; null: it is one. */
export function sshKeyProblem(privateKey: string): 'unreadable' | 'encrypted' | 'public' | null {
  const parsed = utils.parseKey(privateKey)
  if (parsed instanceof Error) {
    return /encrypted|passphrase/i.test(parsed.message) ? 'encrypted' : 'unreadable'
  }
  const [key] = [parsed].flat()
  return key?.isPrivateKey() ? null : 'public'
}

/** The public half as a line for `authorized_keys`. @throws Error when it is no private key */
export function sshPublicKeyOf(privateKey: string, comment: string): string {
  const parsed = utils.parseKey(privateKey)
  if (parsed instanceof Error) throw parsed
  const [key] = [parsed].flat()
  return `${key!.type} ${key!.getPublicSSH().toString('base64')} ${comment}`
}
