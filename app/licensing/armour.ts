/**
 * Bytes as text that survives a mail, a form and a terminal: blocks of base64 in lines of 64 between a
 * BEGIN and an END line. There is one way to write them; CRLF and blank lines at the end are forgiven.
 */
export type Block = { label: string; bytes: Buffer }

export function armour(blocks: readonly Block[]): string {
  return blocks
    .map(({ label, bytes }) => {
      const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
      return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
    })
    .join('')
}

/** The blocks with these labels and nothing else, or null. */
export function dearmour(text: string, labels: readonly string[]): Buffer[] | null {
  const plain = `${text.replaceAll('\r\n', '\n').replace(/\n+$/, '')}\n`
  const found: Buffer[] = []
  let at = 0
  for (const label of labels) {
    const [begin, end] = [`-----BEGIN ${label}-----\n`, `\n-----END ${label}-----\n`]
    const until = plain.indexOf(end, at)
    if (!plain.startsWith(begin, at) || until === -1) return null
    found.push(Buffer.from(plain.slice(at + begin.length, until), 'base64'))
    at = until + end.length
  }
  const blocks = found.map((bytes, index) => ({ label: labels[index]!, bytes }))
  return armour(blocks) === plain ? found : null
}
