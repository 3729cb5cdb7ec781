/** What a cell may hold. Texts stay texts, whatever they look like. */
export type Cell = string | number | Date | null
export type Rows = AsyncIterable<Cell[][]>

/** As many rows as a worksheet has; a CSV file knows no such end. */
const WORKSHEET_ROWS = 1_048_576

/** The sign by which a spreadsheet knows UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/** A spreadsheet would run such a text as a formula when it opens the file. */
const FORMULA = /^[\s]*[=+\-@\t\r]/

const encode = (text: string) => new TextEncoder().encode(text)

/** RFC 4180, row by row as they come. */
export async function* csv(head: string[], rows: Rows): AsyncGenerator<Uint8Array> {
  yield encode(BYTE_ORDER_MARK + csvRow(head))
  for await (const some of rows) yield encode(some.map(csvRow).join(''))
}

function csvRow(cells: Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = cell instanceof Date ? moment(cell) : cell
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One worksheet, written into the archive as the rows come: what is done is not kept. */
export async function* xlsx(head: string[], rows: Rows): AsyncGenerator<Uint8Array> {
  const { Zip, ZipDeflate } = await import('fflate')
  const ready: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  const part = (name: string) => {
    const file = new ZipDeflate(name)
    zip.add(file)
    return (text: string, isLast: boolean) => file.push(encode(text), isLast)
  }
  for (const [name, text] of Object.entries(PARTS)) part(name)(DECLARATION + text, true)
  const sheet = part('xl/worksheets/sheet1.xml')
  sheet(DECLARATION + SHEET + xlsxRow(head), false)
  let room = WORKSHEET_ROWS - 1
  for await (const some of rows) {
    const fitting = some.slice(0, room)
    room -= fitting.length
    sheet(fitting.map(xlsxRow).join(''), false)
    yield* ready.splice(0)
    if (room === 0) break
  }
  sheet('</sheetData></worksheet>', true)
  zip.end()
  yield* ready
}

function xlsxRow(cells: Cell[]): string {
  return `<row>${cells.map(xlsxCell).join('')}</row>`
}

function xlsxCell(cell: Cell): string {
  if (cell === null) return '<c/>'
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`
  const text = cell instanceof Date ? moment(cell) : cell
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
}

/** XML has no place for most control characters, not even escaped. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** In UTC, as the heads say. */
function moment(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const SHEET = `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`

/** What is the same in every workbook of one sheet. */
const PARTS = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Portico" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
}
