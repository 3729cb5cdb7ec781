import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import type { I18n } from '@adonisjs/i18n'
import { NotFound } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import type { Cursor, KeysetPage } from '#models/concerns/keyset'
import { Tenant } from '#models/concerns/tenant'
import { csv, xlsx, type Cell } from '#services/spreadsheet'
import { exportFormat } from '#validators/export'

type Query = Record<string, unknown>
/** One page of the list, as its own page reads it. */
type Read<Row> = (cursor: Cursor) => Promise<KeysetPage<Row>>

/** A list as a file: who may have it, how it is read, and what each column holds. Heads are `exports.column.<name>`. */
export type ExportedList = {
  authorize(ctx: HttpContext): Promise<void>
  columns: string[]
  open(ctx: HttpContext, query: Query): Promise<(cursor: Cursor) => Promise<KeysetPage<Cell[]>>>
}

/** Keeps the type of the rows inside. */
export function exported<Row>(definition: {
  authorize(ctx: HttpContext): Promise<void>
  read(ctx: HttpContext, query: Query): Read<Row> | Promise<Read<Row>>
  columns: Record<string, (row: Row, i18n: I18n) => Cell | undefined>
}): ExportedList {
  const { authorize, read, columns } = definition
  return {
    authorize,
    columns: Object.keys(columns),
    async open(ctx, query) {
      const pageAt = await read(ctx, query)
      return async (cursor) => {
        const page = await pageAt(cursor)
        const cells = (row: Row) =>
          Object.values(columns).map((value) => value(row, ctx.i18n) ?? null)
        return { ...page, rows: page.rows.map(cells) }
      }
    },
  }
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Answers with the list as its page shows it, filtered and sorted, from its first row to its last. */
export async function answerWith(
  ctx: HttpContext,
  lists: Record<string, ExportedList>,
  organizationId: number | null
): Promise<void> {
  const { params, request, response, i18n } = ctx
  const name = String(params.list)
  const list = Object.hasOwn(lists, name) ? lists[name]! : null
  if (!list) throw new NotFound()
  await list.authorize(ctx)
  const { format = 'csv', ...query } = request.qs()
  const kind = exportFormat(format)
  const pageAt = await list.open(ctx, query)
  await AuditEvent.record({
    action: 'list.exported',
    organizationId,
    subject: { kind: 'list', uid: name, label: name },
    after: {
      format: kind,
      search: (request.parsedUrl.query ?? '').slice(0, 300),
    },
  })
  const head = list.columns.map((column) => i18n.t(`exports.column.${column}`))
  const rows = follow((cursor) =>
    organizationId === null
      ? Tenant.system('export a list', () => pageAt(cursor))
      : Tenant.run(organizationId, () => pageAt(cursor))
  )
  const day = new Date().toISOString().slice(0, 10)
  response
    .header('Content-Type', TYPES[kind])
    .header('Content-Disposition', `attachment; filename="${name}-${day}.${kind}"`)
    .header('Cache-Control', 'no-store')
  response.stream(Readable.from(kind === 'csv' ? csv(head, rows) : xlsx(head, rows)))
}

/** Page after page, each read only when the one before is on its way: a long list needs no more memory. */
async function* follow(pageAt: Read<Cell[]>): AsyncGenerator<Cell[][]> {
  for (let cursor: Cursor = {}; ;) {
    const { rows, next } = await pageAt(cursor)
    yield rows
    if (!next) return
    cursor = { after: next }
  }
}
