import { createHash } from 'node:crypto'

/** A line that ssh-keygen could have made; another for every comment. */
export function ed25519Line(comment: string): string {
  const kind = Buffer.from('ssh-ed25519')
  const point = createHash('sha256').update(comment).digest()
  const blob = Buffer.concat([uint32(kind.length), kind, uint32(point.length), point])
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
