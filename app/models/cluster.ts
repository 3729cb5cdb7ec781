import { DateTime } from 'luxon'
import { beforeCreate, beforeSave, hasMany, manyToMany } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import type { HasMany, ManyToMany } from '@adonisjs/lucid/types/relations'
import { DEFAULT_TIME_ZONE } from '#config/i18n'
import { ClusterSchema } from '#database/schema'
import {
  FACETS,
  type ClusterConnection,
  type ComputeDriver,
  type DriverName,
  type Facet,
  type ServerIdentity,
} from '#drivers/contract'
import { DriverError, type DriverErrorKind } from '#drivers/errors'
import { driverFor, identifyServer, trustClient } from '#drivers/registry'
import { ClusterInUse, ClusterNotOffered, TrustRefused } from '#exceptions/domain_error'
import AddressPool from '#models/address_pool'
import AuditEvent, { type AuditSubject } from '#models/audit_event'
import { ClusterSync, type SyncResult } from '#models/cluster_sync'
import Image from '#models/image'
import Network from '#models/network'
import Node from '#models/node'
import Plan from '#models/plan'
import StoragePool from '#models/storage_pool'
import { keysetPage, type Cursor, type KeysetOrder, type KeysetPage } from '#models/concerns/keyset'
import { recordedChange } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'
import type {
  AuditAction,
  AuditOutcome,
  ClusterSettings,
  ConsoleView,
  OperationErrorKind,
} from '#models/types'
import { certificateFacts, type ClientKeyPair } from '#services/client_certificate'
import { seal, unseal } from '#services/vault'

/** Clusters that are synced at once; a silent one holds its place until its time limit. */
const SYNCS_AT_ONCE = 8
/** Certificates and tokens begin to be refused from about here on. */
const CLOCK_SKEW_MS = 60_000

/** What is still to be told before a cluster can be used, in the order in which it is asked. */
export const SETUP_STEPS = {
  fake: [],
  lxd: ['identity', 'credentials', 'trust', 'placement'],
  proxmox: ['identity', 'access', 'placement'],
} as const satisfies Record<DriverName, readonly string[]>
export type SetupStep = (typeof SETUP_STEPS)[DriverName][number]

/** How the connection is: `ok`, or what is wrong with it. */
export type Diagnosis = 'ok' | 'clock_skew' | OperationErrorKind

const PAGE_SIZE = 50
const BY_NAME: KeysetOrder<Cluster> = {
  columns: ['name', 'id'],
  descending: false,
  keyOf: ({ name, id }) => [name, id],
}

export type ClusterAccess =
  { tokenId: string; tokenSecret: string } | { username: string; password: string }

export type FirstContact = {
  /** null: there is none, or nothing to pin. */
  identity: ServerIdentity | null
  failure: { kind: DriverErrorKind; detail: string } | null
}

/** What customers need before they can create an instance there; each must be more than none. */
export type Readiness = { images: number; plans: number; addressPools: number }

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

  static list(cursor: Cursor): Promise<KeysetPage<Cluster>> {
    return keysetPage(Cluster.present(), BY_NAME, cursor, PAGE_SIZE, (narrowed) => narrowed)
  }

  /** @throws when there is none, or it was removed */
  static presentAs(uid: string): Promise<Cluster> {
    return Cluster.present().where('uid', uid).firstOrFail()
  }

  /**
   * It takes new instances, and goes on to until the transaction ends: whoever closes or removes it waits.
   * @throws ClusterNotOffered
   */
  static async holdOpen(id: number, trx: TransactionClientContract): Promise<void> {
    // One that was removed is closed, too.
    const open = await trx
      .from('clusters')
      .where('id', id)
      .whereNull('closed_at')
      .forShare()
      .select('id')
      .first()
    if (!open) throw new ClusterNotOffered()
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

  /** First contact: the certificate the server shows, or why it shows none. Nothing is sent or believed. */
  async identify(): Promise<FirstContact> {
    try {
      return { identity: await identifyServer(this.driver, this.endpoint), failure: null }
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      return { identity: null, failure: { kind: error.kind, detail: error.message } }
    }
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

  /** The same, as somebody's deed. */
  async testAsAsked(): Promise<Diagnosis> {
    const diagnosis = await this.test()
    await this.record('cluster.tested', this.status === 'online' ? 'succeeded' : 'failed')
    return diagnosis
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
    const isKnown = this.credentialsEncrypted !== null && this.facts !== null
    if (this.driver === 'proxmox' && !isKnown) return 'access'
    if (this.credentialsEncrypted === null) return 'credentials'
    if (this.facts === null) return 'trust'
    return this.settings.storagePool ? null : 'placement'
  }

  /** It has answered before and everything is there that a call needs. */
  get isReady(): boolean {
    return this.setupStep === null || this.setupStep === 'placement'
  }

  /** What is known of a cluster before the first contact. Nothing is created there until it is opened. */
  static async add(facts: {
    name: string
    driver: DriverName
    endpoint: string
    settings?: ClusterSettings
  }): Promise<Cluster> {
    const cluster = new Cluster()
    await recordedChange(cluster, 'cluster.added', {
      settings: {},
      ...facts,
      status: 'unknown',
      maxParallelOperations: 8,
      closedAt: DateTime.utc(),
    })
    return cluster
  }

  /** @throws NameInUse */
  change(
    facts: Partial<Pick<Cluster, 'name' | 'endpoint' | 'maxParallelOperations' | 'settings'>>
  ): Promise<void> {
    return recordedChange<Cluster>(this, 'cluster.changed', facts)
  }

  /** From now on only a server with this certificate is spoken to. */
  pin(fingerprint: string): Promise<void> {
    return recordedChange<Cluster>(this, 'cluster.pinned', { tlsFingerprint: fingerprint })
  }

  /** The certificate by which the cluster shall know us; its private key is sealed and never shown. */
  async keepKeyPair({ certificate, privateKey }: ClientKeyPair): Promise<void> {
    this.setCredentials({ certificate, privateKey })
    const settings = { ...this.settings, clientCertificate: certificate }
    const before = this.clientFingerprint
    await db.transaction(async (trx) => {
      this.settings = settings
      await this.useTransaction(trx).save()
      await AuditEvent.record(
        {
          action: 'cluster.credentials_changed',
          organizationId: null,
          subject: this.auditSubject,
          before: { certificateFingerprint: before },
          after: { certificateFingerprint: this.clientFingerprint },
        },
        trx
      )
    })
  }

  /** As whom the cluster lets us in: a token or a user's password, sealed and never shown. */
  async keepAccess(access: ClusterAccess): Promise<void> {
    this.setCredentials(access)
    const account = 'tokenId' in access ? access.tokenId : access.username
    const before = this.settings.account ?? null
    await db.transaction(async (trx) => {
      this.settings = { ...this.settings, account }
      await this.useTransaction(trx).save()
      await AuditEvent.record(
        {
          action: 'cluster.credentials_changed',
          organizationId: null,
          subject: this.auditSubject,
          before: { account: before },
          after: { account },
        },
        trx
      )
    })
  }

  /** Of the certificate by which the cluster knows us; null before there is one. */
  get clientFingerprint(): string | null {
    const { clientCertificate } = this.settings
    return clientCertificate ? certificateFacts(clientCertificate).fingerprint : null
  }

  /** Has the cluster trust our certificate by a password or token of its operator, which is kept nowhere. */
  async trust(secret: string): Promise<void> {
    try {
      await trustClient(this.connection(), secret)
    } catch (error) {
      await this.record('cluster.trust_asked', 'failed')
      if (!(error instanceof DriverError)) throw error
      throw new TrustRefused({ reason: error.message }, { cause: error })
    }
    await this.record('cluster.trust_asked', 'succeeded')
  }

  /** New instances are not accepted any more; those that are there go on. */
  async close(): Promise<void> {
    if (this.isOpen)
      await recordedChange<Cluster>(this, 'cluster.closed', { closedAt: DateTime.utc() })
  }

  open(): Promise<void> {
    return recordedChange<Cluster>(this, 'cluster.opened', { closedAt: null })
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
      await trx.from('port_pools').where('cluster_id', this.id).delete()
      await trx.from('cluster_forwarders').where('cluster_id', this.id).delete()
      await trx.from('cluster_plans').where('cluster_id', this.id).delete()
      await trx.from('images').where('cluster_id', this.id).update({ offered_at: null })
      this.credentialsEncrypted = null
      const now = DateTime.utc()
      const changes = { removedAt: now, closedAt: this.closedAt ?? now }
      await recordedChange<Cluster>(this, 'cluster.removed', changes, trx)
    })
  }

  async readiness(): Promise<Readiness> {
    const offered = (query: DatabaseQueryBuilderContract) => query.count('* as total').firstOrFail()
    const [images, plans, pools] = await Promise.all([
      offered(db.from('images').where('cluster_id', this.id).whereNotNull('offered_at')),
      offered(
        db
          .from('cluster_plans')
          .join('plans', 'plans.id', 'cluster_plans.plan_id')
          .where('cluster_id', this.id)
          .whereNull('archived_at')
      ),
      AddressPool.forNew([this.id]),
    ])
    return {
      images: Number(images.total),
      plans: Number(plans.total),
      addressPools: pools.length,
    }
  }

  presentStoragePools(): Promise<StoragePool[]> {
    return StoragePool.query()
      .where('cluster_id', this.id)
      .whereNull('missing_since')
      .orderBy('name')
  }

  presentNetworks(): Promise<Network[]> {
    return Network.query().where('cluster_id', this.id).whereNull('missing_since').orderBy('name')
  }

  /** Those that address pools may be plugged into: what was chosen, else all. */
  async networksForPools(): Promise<Network[]> {
    const { networks: chosen } = this.settings
    const present = await this.presentNetworks()
    return chosen ? present.filter(({ name }) => chosen.includes(name)) : present
  }

  /** Records what somebody had done to it that is no change of the row. */
  record(action: AuditAction, outcome: AuditOutcome): Promise<void> {
    return AuditEvent.record({
      action,
      organizationId: null,
      subject: this.auditSubject,
      outcome,
    })
  }

  get auditSubject(): AuditSubject {
    return { kind: 'cluster', uid: this.uid, label: this.name }
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

  /** What its driver can beyond the contract's core; found without asking the cluster. */
  async facets(): Promise<ReadonlySet<Facet>> {
    const driver = await this.openDriver()
    const present = FACETS.filter((facet) => driver[facet] !== undefined)
    await driver.close()
    return new Set(present)
  }

  /** Which consoles its instances have. */
  async consoleKinds(): Promise<readonly ConsoleView[]> {
    const driver = await this.openDriver()
    const kinds: ConsoleView[] = [...(driver.console?.kinds ?? [])]
    if (driver.screen) kinds.push('screen')
    await driver.close()
    return kinds
  }

  /** Where its months of traffic begin: those of whoever pays for its uplink. */
  get timeZone(): string {
    return timeZoneOf(this.settings)
  }

  get isOpen(): boolean {
    return this.closedAt === null
  }

  /** The value sealed for one cluster does not open for another. */
  get credentialsPurpose(): string {
    return `cluster:${this.uid}`
  }
}

export function timeZoneOf(settings: ClusterSettings): string {
  return settings.timeZone ?? DEFAULT_TIME_ZONE
}
