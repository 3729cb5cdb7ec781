import { DateTime } from 'luxon'
import { beforeCreate, beforeSave, hasMany, manyToMany } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { HasMany, ManyToMany } from '@adonisjs/lucid/types/relations'
import { ClusterSchema } from '#database/schema'
import type { ClusterConnection, ComputeDriver, ServerIdentity } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { driverFor, identifyServer, trustClient } from '#drivers/registry'
import { ClusterInUse } from '#exceptions/domain_error'
import AddressPool from '#models/address_pool'
import { ClusterSync, type SyncResult } from '#models/cluster_sync'
import Image from '#models/image'
import Network from '#models/network'
import Node from '#models/node'
import Plan from '#models/plan'
import StoragePool from '#models/storage_pool'
import { newUid } from '#models/concerns/uid'
import type { OperationErrorKind } from '#models/types'
import type { ClientKeyPair } from '#services/client_certificate'
import { seal, unseal } from '#services/vault'

/** Clusters that are synced at once; a silent one holds its place until its time limit. */
const SYNCS_AT_ONCE = 8
/** Certificates and tokens begin to be refused from about here on. */
const CLOCK_SKEW_MS = 60_000

/** What is still to be told before a cluster can be used, in the order in which it is asked. */
export const SETUP_STEPS = ['identity', 'credentials', 'trust', 'placement'] as const
export type SetupStep = (typeof SETUP_STEPS)[number]

/** How the connection is: `ok`, or what is wrong with it. */
export type Diagnosis = 'ok' | 'clock_skew' | OperationErrorKind

/** One API endpoint with credentials and a driver. */
export default class Cluster extends ClusterSchema {
  @hasMany(() => Node)
  declare nodes: HasMany<typeof Node>

  @hasMany(() => Image)
  declare images: HasMany<typeof Image>

  @hasMany(() => StoragePool)
  declare storagePools: HasMany<typeof StoragePool>

  @hasMany(() => Network)
  declare networks: HasMany<typeof Network>

  @hasMany(() => AddressPool)
  declare addressPools: HasMany<typeof AddressPool>

  @manyToMany(() => Plan, { pivotTable: 'cluster_plans' })
  declare plans: ManyToMany<typeof Plan>

  @beforeCreate()
  static assignUid(cluster: Cluster) {
    cluster.uid ??= newUid('c')
  }

  @beforeSave()
  static keepNameFree(cluster: Cluster) {
    cluster.liveName = cluster.removedAt ? null : cluster.name
  }

  /** Those that are there; a removed one is only remembered for what once lived in it. */
  static present() {
    return Cluster.query().whereNull('removed_at')
  }

  /** Every cluster at its own pace: a silent one holds up nobody but itself. */
  static async syncAll(): Promise<SyncResult[]> {
    const present = await Cluster.present().orderBy('synced_at')
    const waiting = present.filter(({ isReady }) => isReady)
    const results: SyncResult[] = []
    const workers = Array.from({ length: SYNCS_AT_ONCE }, async () => {
      for (let cluster = waiting.shift(); cluster; cluster = waiting.shift()) {
        results.push(await cluster.sync())
      }
    })
    const ended = await Promise.allSettled(workers)
    const broken = ended.find((end) => end.status === 'rejected')
    if (broken) throw broken.reason
    return results
  }

  /** Reads the cluster and stores what it says of itself. */
  async sync(): Promise<SyncResult> {
    const result = await new ClusterSync(this).run()
    await this.refresh()
    return result
  }

  /** First contact: the certificate the server shows. Nothing is sent, nothing is believed. */
  identify(): Promise<ServerIdentity | null> {
    return identifyServer(this.driver, this.endpoint)
  }

  /** Asks the cluster who it is and keeps what comes of it. */
  async test(): Promise<Diagnosis> {
    const now = DateTime.utc()
    try {
      const driver = await this.openDriver()
      this.facts = await driver.probe().finally(() => driver.close())
      this.status = 'online'
      this.lastSeenAt = now
      this.error = this.errorKind = this.offlineSince = null
    } catch (error) {
      this.status = 'offline'
      this.errorKind = error instanceof DriverError ? error.kind : 'unexpected'
      this.error = (error as Error).message.slice(0, 500)
      this.offlineSince ??= now
    }
    await this.save()
    return this.diagnosis!
  }

  /** null: nobody has asked yet. */
  get diagnosis(): Diagnosis | null {
    if (this.status === 'unknown') return null
    if (this.status === 'offline') return this.errorKind ?? 'unexpected'
    return Math.abs(this.facts?.clockSkewMs ?? 0) >= CLOCK_SKEW_MS ? 'clock_skew' : 'ok'
  }

  /** The first thing that is still to be told; null when the cluster can be used. */
  get setupStep(): SetupStep | null {
    // A fake cluster is a file: there is nobody to trust and only one place for everything.
    if (this.driver === 'fake') return null
    if (this.tlsFingerprint === null) return 'identity'
    if (this.credentialsEncrypted === null) return 'credentials'
    if (this.facts === null) return 'trust'
    return this.settings.storagePool ? null : 'placement'
  }

  /** It has answered before and everything is there that a call needs. */
  get isReady(): boolean {
    return this.setupStep === null || this.setupStep === 'placement'
  }

  /** The certificate by which the cluster shall know us; its private key is sealed and never shown. */
  setClientKeyPair({ certificate, privateKey }: ClientKeyPair): void {
    this.settings = { ...this.settings, clientCertificate: certificate }
    this.setCredentials({ certificate, privateKey })
  }

  /** Has the cluster trust our certificate by a password or token of its operator, which is kept nowhere. */
  trust(secret: string): Promise<void> {
    return trustClient(this.connection(), secret)
  }

  /**
   * Takes it out of use for ever: its credentials and address pools are gone, nothing of it is offered.
   * @throws ClusterInUse while an instance lives there
   */
  async remove(): Promise<void> {
    await db.transaction(async (trx) => {
      // Creating an instance needs a lock on this row, too: from here on none comes in between.
      await trx.from('clusters').where('id', this.id).forUpdate().select('id').firstOrFail()
      const { total } = await trx
        .from('instances')
        .where('cluster_id', this.id)
        .whereNull('deleted_at')
        .count('* as total')
        .firstOrFail()
      if (Number(total) > 0) throw new ClusterInUse({ instances: Number(total) })
      await trx.from('address_pools').where('cluster_id', this.id).delete()
      await trx.from('cluster_plans').where('cluster_id', this.id).delete()
      await trx.from('images').where('cluster_id', this.id).update({ offered_at: null })
      const now = DateTime.utc()
      this.useTransaction(trx)
      this.removedAt = now
      this.closedAt ??= now
      this.credentialsEncrypted = null
      await this.save()
    })
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
      label: this.uid,
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
