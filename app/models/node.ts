import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NodeSchema } from '#database/schema'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { recordedChange } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'

/** A machine in a cluster on which instances run. */
export default class Node extends NodeSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  /** With its cluster. @throws when there is none, or its cluster was removed */
  static presentAs(uid: string): Promise<Node> {
    return Node.query()
      .where('uid', uid)
      .whereHas('cluster', (cluster) => cluster.whereNull('removed_at'))
      .preload('cluster')
      .firstOrFail()
  }

  @beforeCreate()
  static assignUid(row: Node) {
    row.uid ??= newUid('n')
  }

  /** Nothing new is placed on it; what runs there goes on. */
  async close(): Promise<void> {
    if (this.isOpen) await recordedChange<Node>(this, 'node.closed', { closedAt: DateTime.utc() })
  }

  open(): Promise<void> {
    return recordedChange<Node>(this, 'node.opened', { closedAt: null })
  }

  get isOpen(): boolean {
    return this.closedAt === null
  }

  get auditSubject(): AuditSubject {
    return { kind: 'node', uid: this.uid, label: this.name }
  }
}
