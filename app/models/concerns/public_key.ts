import { createHash } from 'node:crypto'

/** A line of authorized_keys that the rule `sshPublicKeys` has let pass: kind, key, and what its owner wrote behind it. */
export const PublicKey = {
  /** As `ssh-keygen -l` tells it. */
  fingerprint(line: string): string {
    const [, base64 = ''] = words(line)
    const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
    return `SHA256:${digest.replace(/=+$/, '')}`
  },

  /** For example `ada@laptop`. */
  comment(line: string): string | null {
    return words(line).slice(2).join(' ') || null
  },

  type(line: string): string {
    return words(line)[0]!
  },

  /** The first of those that are the same key, whatever stands behind it. */
  distinct(lines: string[]): string[] {
    const first = new Map<string, string>()
    for (const line of lines) {
      const fingerprint = PublicKey.fingerprint(line)
      if (!first.has(fingerprint)) first.set(fingerprint, line)
    }
    return [...first.values()]
  },
}

const words = (line: string): string[] => line.trim().split(/[ \t]+/)
