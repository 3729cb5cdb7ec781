import { belongsTo, column } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { NetworkSchema } from '#database/schema'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { recordedChange } from '#models/concerns/recorded_change'
import type { NetworkPurpose } from '#models/types'

/** What instances of a cluster are plugged into. */
export default class Network extends NetworkSchema {
  /** The naming strategy would look for `ipv_4`. */
  @column({ columnName: 'ipv4' })
  declare ipv4: string | null

  @column({ columnName: 'ipv6' })
  declare ipv6: string | null

  /** Who is on it stays on it, whatever it is for from now on. */
  async serve(purpose: NetworkPurpose): Promise<void> {
    if (this.purpose !== purpose) {
      await recordedChange<Network>(this, 'network.purpose_changed', { purpose })
    }
  }

  get auditSubject(): AuditSubject {
    return { kind: 'network', uid: this.name, label: this.name }
  }

  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>
}
