import type Batch from '#models/batch'
import {
  BATCH_VIEWS,
  type BatchCounts,
  type BatchItemRow,
  type BatchRow,
  type BatchView,
} from '#models/batch_list'
import type { ChosenInstance, InstanceChoice } from '#models/instance_choice'
import type { KeysetPage } from '#models/concerns/keyset'
import { BATCH_DEEDS, type BatchDeed } from '#models/types'
import { RULES } from '#models/batch_deed'
import type Membership from '#models/membership'
import { ListLinks } from '#transformers/list_links'
import { stepOf } from '#transformers/operation'
import { newRequestKey } from '#validators/request_key'

/** Names beyond these are counted, not told. */
const TOLD = 60

const glyphs = {
  start: 'play',
  stop: 'square',
  restart: 'rotate-cw',
  snapshot: 'camera',
  suspend: 'circle-pause',
  unsuspend: 'circle-play',
  delete: 'trash-2',
} satisfies Record<BatchDeed, string>

/** The bar under a list: what can be done to the rows that are ticked. `membership` null: by staff who may act. */
export function batchBar(
  path: string,
  rows: { uid: string }[],
  query: string,
  membership: Membership | null,
  mayAct: boolean
) {
  return {
    action: `${path}/create`,
    query,
    onPage: rows.map(({ uid }) => uid).join(','),
    deeds: BATCH_DEEDS.filter((deed) => !membership || RULES[deed].role !== null).map((deed) => ({
      deed,
      glyph: glyphs[deed],
      isDanger: deed === 'delete',
      action: deed === 'delete' ? `${path}/deletions/create` : null,
      isRefused: membership ? !membership.isAtLeast(RULES[deed].role!) : !mayAct,
    })),
  }
}

/** What is asked once more before it is done. */
export function batchForm(
  home: string,
  deed: BatchDeed,
  choice: InstanceChoice,
  chosen: ChosenInstance[],
  held: { addresses: number; forwards: number } | null = null
) {
  const phases = new Map<string, number>()
  for (const { phase } of chosen) phases.set(phase, (phases.get(phase) ?? 0) + 1)
  return {
    deed,
    glyph: glyphs[deed],
    isDanger: deed === 'delete',
    needsReason: deed === 'suspend' || deed === 'unsuspend',
    action: deed === 'delete' ? `${home}/batches/deletions` : `${home}/batches`,
    listPath: `${home}/instances`,
    count: chosen.length,
    told: chosen.slice(0, TOLD),
    untold: Math.max(0, chosen.length - TOLD),
    phases: [...phases].map(([phase, count]) => ({ phase, count })),
    held,
    isMatching: choice.matching !== undefined,
    query: choice.matching?.search.text ?? '',
    uids: choice.uids ?? [],
    requestKey: newRequestKey(),
  }
}

type Allowed = { view: BatchView; mayCancel: boolean; mayRetry: boolean }

export function batchPage(
  home: string,
  batch: Batch,
  counts: BatchCounts,
  page: KeysetPage<BatchItemRow>,
  { view, mayCancel, mayRetry }: Allowed
) {
  const path = `${home}/batches/${batch.uid}`
  const links = new ListLinks(path, { show: view === 'all' ? null : view })
  return {
    uid: batch.uid,
    deed: batch.deed,
    path,
    listPath: `${home}/instances`,
    batchesPath: `${home}/batches`,
    counts,
    isLive: batch.isOpen,
    isCancelled: batch.cancelRequestedAt !== null,
    is: standingOf(batch.isOpen, counts),
    percent: Math.floor((100 * (counts.all - counts.open)) / Math.max(1, counts.all)),
    reason: batch.input.reason ?? null,
    actor: batch.requestedBy?.displayName ?? null,
    createdAt: batch.createdAt,
    endedAt: batch.endedAt,
    retryOf: batch.retryOf ? `${home}/batches/${batch.retryOf.uid}` : null,
    cancel: { isOffered: batch.isOpen, isPossible: mayCancel && batch.isCancellable },
    retry: { isOffered: counts.failed > 0, isPossible: mayRetry && !batch.isOpen },
    views: BATCH_VIEWS.map((choice) => ({
      view: choice,
      count: counts[choice],
      isActive: choice === view,
      href: links.with({ show: choice === 'all' ? null : choice }),
    })),
    rows: page.rows.map((row) => itemRow(home, row)),
    ...links.around(page),
  }
}

function standingOf(isOpen: boolean, counts: BatchCounts): string {
  if (isOpen) return 'working'
  if (counts.failed > 0) return 'failed'
  return counts.succeeded > 0 ? 'succeeded' : 'cancelled'
}

function itemRow(home: string, row: BatchItemRow) {
  const isRunning = row.outcome === 'running' && row.type !== null
  return {
    instance: row.instance,
    organization: row.organization,
    path: row.instance_deleted_at === null ? `${home}/instances/${row.instance_uid}` : null,
    operation: row.operation_uid && `${home}/operations/${row.operation_uid}`,
    is: row.outcome === 'running' ? 'working' : row.outcome,
    step: isRunning ? stepOf({ type: row.type!, steps: row.steps }) : null,
    refusal: row.refusal && { key: `errors.${row.refusal}`, values: row.refusal_data },
    errorKind: row.outcome === 'failed' ? row.error_kind : null,
  }
}

export function batchListPage(home: string, page: KeysetPage<BatchRow>) {
  const path = `${home}/batches`
  return {
    path,
    operationsPath: `${home}/operations`,
    instancesPath: `${home}/instances`,
    isEmpty: page.rows.length === 0,
    rows: page.rows.map((row) => ({
      path: `${path}/${row.uid}`,
      deed: row.deed,
      total: Number(row.total),
      succeeded: Number(row.succeeded),
      isOpen: row.ended_at === null,
      actor: row.actor,
      createdAt: row.created_at,
    })),
    ...new ListLinks(path).around(page),
  }
}
