/*
| Comma separated values as RFC 4180 has them, in one pass: in quotes a comma is a comma, a line goes on, and a doubled
| quote is one.
*/
const CELL = /(?:"((?:[^"]|"")*)"[^\S\n]*|([^,\n]*))(,|\n|$)/y

/** Lines of cells; empty lines are passed over. */
export function csvLines(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const lines: string[][] = [[]]
  CELL.lastIndex = 0
  while (CELL.lastIndex < plain.length) {
    const [, quoted, bare = '', end] = CELL.exec(plain) ?? []
    if (end === undefined) break
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare.trim())
    if (end === '\n') lines.push([])
  }
  if (plain.endsWith(',')) lines.at(-1)!.push('')
  return lines.filter((cells) => cells.some((cell) => cell !== ''))
}

/** By the names in the first line. */
export function csvRows(text: string): Record<string, string>[] {
  const [head = [], ...lines] = csvLines(text)
  return lines.map((cells) =>
    Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']))
  )
}
