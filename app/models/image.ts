import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ImageSchema } from '#database/schema'
import { NotPossibleNow } from '#exceptions/domain_error'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { keysetPage, type Cursor, type KeysetOrder, type KeysetPage } from '#models/concerns/keyset'
import { recordedChange } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'

export const IMAGE_STATES = ['offered', 'not_offered', 'missing'] as const

export type ImageFilter = {
  words: string | null
  /** uid */
  cluster: string | null
  state: (typeof IMAGE_STATES)[number] | null
}

const PAGE_SIZE = 50
const OFFERED_FIRST: KeysetOrder<Image> = {
  columns: ['(offered_at is null)', 'cluster_id', 'name', 'id'],
  descending: false,
  keyOf: ({ offeredAt, clusterId, name, id }) => [offeredAt ? 0 : 1, clusterId, name, id],
}

/** What an instance is built from. */
export default class Image extends ImageSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  /** With its cluster. @throws when there is none, or its cluster was removed */
  static presentAs(uid: string): Promise<Image> {
    return Image.query()
      .where('uid', uid)
      .whereHas('cluster', (cluster) => cluster.whereNull('removed_at'))
      .preload('cluster')
      .firstOrFail()
  }

  /** For the staff's list: what is on offer first. */
  static found(filter: ImageFilter, cursor: Cursor): Promise<KeysetPage<Image>> {
    const query = Image.matching(filter).preload('cluster')
    return keysetPage(query, OFFERED_FIRST, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  static async countFound(filter: ImageFilter): Promise<number> {
    const { $extras } = await Image.matching(filter).count('* as total').firstOrFail()
    return Number($extras.total)
  }

  /** What is gone and was never offered is of no interest, unless one asks for what is gone. */
  private static matching({ words, cluster, state }: ImageFilter) {
    const query = Image.query().whereHas('cluster', (present) => {
      present.whereNull('removed_at')
      if (cluster) present.where('uid', cluster)
    })
    if (words) {
      const pattern = `%${words.replaceAll(/[!%_]/g, (sign) => `!${sign}`)}%`
      query.where((any) => {
        for (const column of ['name', 'title', 'ref', 'os']) {
          any.orWhereRaw(`${column} like ? escape '!'`, [pattern])
        }
      })
    }
    if (state === 'offered') query.whereNotNull('offered_at')
    if (state === 'not_offered') query.whereNull('offered_at').whereNull('missing_since')
    if (state === 'missing') query.whereNotNull('missing_since')
    if (state === null) {
      query.where((present) => present.whereNull('missing_since').orWhereNotNull('offered_at'))
    }
    return query
  }

  @beforeCreate()
  static assignUid(row: Image) {
    row.uid ??= newUid('g')
  }

  /** Customers may choose it from now on. @throws NotPossibleNow when the cluster no longer has it */
  async offer(): Promise<void> {
    if (this.offeredAt) return
    if (this.missingSince) throw new NotPossibleNow()
    await recordedChange<Image>(this, 'image.offered', { offeredAt: DateTime.utc() })
  }

  withdraw(): Promise<void> {
    return recordedChange<Image>(this, 'image.withdrawn', { offeredAt: null })
  }

  /** What customers read in place of the cluster's own name; null: that name. */
  rename(title: string | null): Promise<void> {
    return recordedChange<Image>(this, 'image.renamed', { title })
  }

  get label(): string {
    return this.title ?? this.name
  }

  get auditSubject(): AuditSubject {
    return { kind: 'image', uid: this.uid, label: this.label }
  }
}
