import { DateTime } from 'luxon'
import { belongsTo, column } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NetworkSchema } from '#database/schema'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { recordedChange } from '#models/concerns/recorded_change'

/** What instances of a cluster are plugged into. */
export default class Network extends NetworkSchema {
  /** The naming strategy would look for `ipv_4`. */
  @column({ columnName: 'ipv4' })
  declare ipv4: string | null

  @column({ columnName: 'ipv6' })
  declare ipv6: string | null

  /** Customers may attach their instances to it, where it has address pools. */
  async offer(): Promise<void> {
    if (this.offeredAt === null) {
      await recordedChange<Network>(this, 'network.offered', { offeredAt: DateTime.utc() })
    }
  }

  /** Who is on it stays on it. */
  withdraw(): Promise<void> {
    return recordedChange<Network>(this, 'network.withdrawn', { offeredAt: null })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'network', uid: this.name, label: this.name }
  }

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>
}
