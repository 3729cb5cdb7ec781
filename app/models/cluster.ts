import { beforeCreate, hasMany, manyToMany } from '@adonisjs/lucid/orm'
import type { HasMany, ManyToMany } from '@adonisjs/lucid/types/relations'
import { ClusterSchema } from '#database/schema'
import type { ClusterConnection, ComputeDriver } from '#drivers/contract'
import { driverFor } from '#drivers/registry'
import AddressPool from '#models/address_pool'
import Image from '#models/image'
import Node from '#models/node'
import Plan from '#models/plan'
import { newUid } from '#models/concerns/uid'
import { seal, unseal } from '#services/vault'

/** One API endpoint with credentials and a driver. */
export default class Cluster extends ClusterSchema {
  @hasMany(() => Node)
  declare nodes: HasMany<typeof Node>

  @hasMany(() => Image)
  declare images: HasMany<typeof Image>

  @hasMany(() => AddressPool)
  declare addressPools: HasMany<typeof AddressPool>

  @manyToMany(() => Plan, { pivotTable: 'cluster_plans' })
  declare plans: ManyToMany<typeof Plan>

  @beforeCreate()
  static assignUid(cluster: Cluster) {
    cluster.uid ??= newUid('c')
  }

  setCredentials(credentials: Record<string, string>): void {
    this.uid ??= newUid('c')
    this.credentialsEncrypted = seal(JSON.stringify(credentials), this.credentialsPurpose)
  }

  credentials(): Record<string, string> {
    if (!this.credentialsEncrypted) return {}
    return JSON.parse(unseal(this.credentialsEncrypted, this.credentialsPurpose))
  }

  connection(): ClusterConnection {
    return {
      driver: this.driver,
      endpoint: this.endpoint,
      tlsFingerprint: this.tlsFingerprint,
      credentials: this.credentials(),
      settings: this.settings,
      facts: this.facts,
    }
  }

  /** The caller closes it. */
  openDriver(): Promise<ComputeDriver> {
    return driverFor(this.connection())
  }

  get isOpen(): boolean {
    return this.closedAt === null
  }

  /** The value sealed for one cluster does not open for another. */
  get credentialsPurpose(): string {
    return `cluster:${this.uid}`
  }
}
