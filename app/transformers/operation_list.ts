import type { KeysetPage } from '#models/concerns/keyset'
import type { OperationListRequest, OperationRow } from '#models/operation_list'
import { OPERATION_STATES, OPERATION_TYPES } from '#models/types'
import { ListLinks } from '#transformers/list_links'
import { VISIT_HOME } from '#transformers/visit'
import { messageKey, operationTitle, stepOf } from '#transformers/operation'

/**
 * `home` is where its operations live: `/o/acme`, or `/admin` for staff. `own`: a list of one instance, in whose
 * address that instance stands already.
 */
export function operationListPage(
  home: string,
  page: KeysetPage<OperationRow>,
  request: OperationListRequest,
  own: string | null = null
) {
  const path = own ?? `${home}/operations`
  const { state, type, organization, size } = request
  const instance = own ? null : request.instance
  const links = new ListLinks(path, {
    state,
    type,
    instance,
    org: organization,
    size: size === 50 ? null : size,
  })
  return {
    path,
    batchesPath: `${home}/batches`,
    rows: page.rows.map((row) => operationRow(row, home)),
    isEmpty: page.rows.length === 0,
    isFiltered: Boolean(state ?? type ?? instance ?? organization),
    clearHref: path,
    chips: Object.entries({ state, type, instance, org: organization })
      .filter(([, value]) => value !== null)
      .map(([name, value]) => ({ name, value, removeHref: links.with({ [name]: null }) })),
    states: OPERATION_STATES.map((choice) => ({
      state: choice,
      isActive: choice === state,
      href: links.with({ state: choice === state ? null : choice }),
    })),
    types: OPERATION_TYPES.map((choice) => ({
      key: messageKey(choice),
      isActive: choice === type,
      href: links.with({ type: choice === type ? null : choice }),
    })),
    previous: page.previous ? links.page({ before: page.previous }) : null,
    next: page.next ? links.page({ after: page.next }) : null,
  }
}

export function operationRow(row: OperationRow, home: string) {
  const isOpen = row.ended_at === null
  return {
    uid: row.uid,
    path: `${home}/operations/${row.uid}`,
    title: operationTitle(row, row.instance),
    state: row.state,
    door: row.state === 'running' ? 'working' : row.state,
    at: isOpen ? stepOf(row) : null,
    errorKind: row.error_kind,
    instance: row.instance,
    cluster: row.cluster,
    actor: home === VISIT_HOME ? null : (row.actor_name ?? row.actor_email),
    organization: { name: row.organization, slug: row.organization_slug },
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}
