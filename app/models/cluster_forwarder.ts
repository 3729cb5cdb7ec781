import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ClusterForwarderSchema } from '#database/schema'
import { DriverError } from '#drivers/errors'
import type {
  ForwarderConnection,
  ForwarderKind,
  PortForwarder,
  RouterAccess,
} from '#forwarders/contract'
import { forwarderFor, identifyHost, identifyRouter, kindsFor } from '#forwarders/registry'
import type { AuditSubject } from '#models/audit_event'
import Cluster from '#models/cluster'
import { recordedChange } from '#models/concerns/recorded_change'
import { newUid } from '#models/concerns/uid'
import { seal, unseal } from '#services/vault'

export type SshAccess = {
  host: string
  port: number
  user: string
  hostKey: string
}

/** A router and who we are to it; with a token there is no user. */
export type RouterIdentity = Pick<RouterAccess, 'endpoint' | 'tlsFingerprint' | 'username'>

export type ForwarderChoice = {
  kind: ForwarderKind
  publicAddress: string | null
  listenInterface: string | null
  masquerade: boolean
  /** null: this machine's own firewall, or none is needed. */
  ssh: SshAccess | null
  /** Of iKuai only. */
  router: RouterIdentity | null
}

/** How a cluster carries port forwards. A cluster without a row carries them in the way of its driver. */
export default class ClusterForwarder extends ClusterForwarderSchema {
  @belongsTo(() => Cluster)
  declare cluster: BelongsTo<typeof Cluster>

  @beforeCreate()
  static assignUid(forwarder: ClusterForwarder) {
    forwarder.uid ??= newUid('w')
  }

  /** As it was chosen, else as it is without a choice; then it has no row yet. */
  static async of(cluster: Cluster): Promise<ClusterForwarder> {
    const chosen = await ClusterForwarder.findBy('clusterId', cluster.id)
    const forwarder = chosen ?? ClusterForwarder.unchosen(cluster)
    forwarder.$setRelated('cluster', cluster)
    return forwarder
  }

  /** The key a machine shows at first contact, or why it shows none. Nothing is sent or believed. */
  static async identify(
    host: string,
    port: number
  ): Promise<{ hostKey: string | null; error: string | null }> {
    try {
      return { hostKey: await identifyHost(host, port), error: null }
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      return { hostKey: null, error: error.message }
    }
  }

  /** The certificate a router shows at first contact, or why it shows none. Nothing is sent or believed. */
  static async identifyRouter(
    endpoint: string
  ): Promise<{ fingerprint: string | null; error: string | null }> {
    try {
      return { fingerprint: await identifyRouter(endpoint), error: null }
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      return { fingerprint: null, error: error.message }
    }
  }

  private static unchosen(cluster: Cluster): ClusterForwarder {
    return new ClusterForwarder().merge({
      uid: newUid('w'),
      clusterId: cluster.id,
      kind: kindsFor(cluster.driver)[0],
      publicAddress: null,
      listenInterface: null,
      masquerade: false,
      sshHost: null,
      sshPort: null,
      sshUser: null,
      sshHostKey: null,
      sshPublicKey: null,
      routerEndpoint: null,
      routerUser: null,
      routerFingerprint: null,
      credentialsEncrypted: null,
      problems: [],
    })
  }

  /** What may be chosen for it. */
  get kinds(): readonly ForwarderKind[] {
    return kindsFor(this.cluster.driver)
  }

  get ssh(): SshAccess | null {
    const { sshHost: host, sshPort: port, sshUser: user, sshHostKey: hostKey } = this
    return host && port && user && hostKey ? { host, port, user, hostKey } : null
  }

  get router(): RouterIdentity | null {
    const { routerEndpoint: endpoint, routerFingerprint: tlsFingerprint } = this
    return endpoint ? { endpoint, tlsFingerprint, username: this.routerUser } : null
  }

  /** Chooses how forwards are carried from now on. What was carried otherwise is put there by the reconciler. */
  async choose({ ssh, router, ...choice }: ForwarderChoice): Promise<void> {
    const isOtherRouter =
      router?.endpoint !== this.router?.endpoint || router?.username !== this.router?.username
    // What was given for one router is not sent to another.
    if (isOtherRouter) {
      this.credentialsEncrypted = null
      this.sshPublicKey = null
    }
    await recordedChange<ClusterForwarder>(this, 'forwarder.chosen', {
      ...choice,
      sshHost: ssh?.host ?? null,
      sshPort: ssh?.port ?? null,
      sshUser: ssh?.user ?? null,
      sshHostKey: ssh?.hostKey ?? null,
      routerEndpoint: router?.endpoint ?? null,
      routerUser: router?.username ?? null,
      routerFingerprint: router?.tlsFingerprint ?? null,
    })
  }

  /** What a router knows us by: a password, or an API token. Sealed, and never shown. */
  async keepRouterSecret(secret: string): Promise<void> {
    this.credentialsEncrypted = seal(JSON.stringify({ router: secret }), this.credentialsPurpose)
    await recordedChange<ClusterForwarder>(this, 'forwarder.key_changed', {})
  }

  /** The key pair by which the node's SSH knows us; its private half is sealed and never shown. */
  async keepKeyPair({ publicKey, privateKey }: { publicKey: string; privateKey: string }) {
    this.credentialsEncrypted = seal(JSON.stringify({ privateKey }), this.credentialsPurpose)
    await recordedChange<ClusterForwarder>(this, 'forwarder.key_changed', {
      sshPublicKey: publicKey,
    })
  }

  /** The caller closes it. @throws DriverError unauthorized when SSH is chosen and there is no key yet */
  open(): Promise<PortForwarder> {
    return forwarderFor(this.connection())
  }

  /** Opens it for some work and closes it after. */
  async use<Result>(work: (forwarder: PortForwarder) => Promise<Result>): Promise<Result> {
    const forwarder = await this.open()
    try {
      return await work(forwarder)
    } finally {
      await forwarder.close()
    }
  }

  /** Looks whether forwards can be carried, and keeps what it found. */
  async check(): Promise<void> {
    try {
      this.problems = await this.use((forwarder) => forwarder.check())
      this.error = this.errorKind = null
    } catch (error) {
      this.noteError(error)
    }
    await this.save()
  }

  noteError(error: unknown): void {
    this.errorKind = error instanceof DriverError ? error.kind : 'unexpected'
    this.error = (error as Error).message.slice(0, 500)
  }

  async noteReconciled(): Promise<void> {
    this.error = this.errorKind = null
    this.reconciledAt = DateTime.utc()
    await this.save()
  }

  get auditSubject(): AuditSubject {
    return { kind: 'forwarder', uid: this.uid, label: this.cluster.name }
  }

  private connection(): ForwarderConnection {
    return {
      kind: this.kind,
      label: this.cluster.uid,
      cluster: this.cluster.connection(),
      listenInterface: this.listenInterface,
      masquerade: this.masquerade,
      ssh: this.ssh && { ...this.ssh, privateKey: this.privateKey() },
      router: this.router && this.routerAccess(this.router),
    }
  }

  private privateKey(): string {
    if (!this.credentialsEncrypted) {
      throw new DriverError('unauthorized', 'there is no key yet by which the node would know us')
    }
    return JSON.parse(unseal(this.credentialsEncrypted, this.credentialsPurpose)).privateKey
  }

  private routerAccess(router: RouterIdentity): RouterAccess {
    const kept = this.credentialsEncrypted
      ? JSON.parse(unseal(this.credentialsEncrypted, this.credentialsPurpose)).router
      : null
    if (typeof kept !== 'string') {
      throw new DriverError('unauthorized', 'there is no password or token yet for the router')
    }
    return router.username === null
      ? { ...router, password: null, token: kept }
      : { ...router, password: kept, token: null }
  }

  private get credentialsPurpose(): string {
    return `forwarder:${this.uid}`
  }
}
