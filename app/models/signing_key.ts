import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { DateTime } from 'luxon'
import { beforeCreate, hasMany } from '@adonisjs/lucid/orm'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { SigningKeySchema } from '#database/schema'
import { KeyUnfit, NoSigningKey } from '#exceptions/domain_error'
import { writeKeyRing, type RingKey } from '#licensing/key_ring'
import {
  algorithmOf,
  generateSigningKey,
  keyIdOf,
  privatePem,
  publicPem,
  signerOf,
  type Signer,
  type SigningAlgorithm,
} from '#licensing/signing'
import type { AuditSubject } from '#models/audit_event'
import KeyApproval from '#models/key_approval'
import type User from '#models/user'
import { recordedChange } from '#models/concerns/recorded_change'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { KeyOrigin, KeyPurpose } from '#models/types'
import { externalSigner } from '#services/external_signer'
import { readPrivateKey } from '#services/key_containers'
import { seal, unseal } from '#services/vault'

export type KeyState = 'next' | 'active' | 'retired' | 'revoked'

/** What opens the check codes of collectors; never signs. */
export const CHECK_CODES = 'RSA-PKCS1'
const LEAST_CHECK_BITS = 1024

type NewKey = {
  purpose: KeyPurpose
  origin: KeyOrigin
  publicKey: KeyObject
  privateKey: KeyObject | null
  signerUrl?: string
}

/** A key pair of the provider: the next one of its ring, the active one, a retired or a revoked one. */
export default class SigningKey extends SigningKeySchema {
  @hasMany(() => KeyApproval)
  declare approvals: HasMany<typeof KeyApproval>

  @beforeCreate()
  static assignUid(key: SigningKey) {
    key.uid ??= newUid('k')
  }

  static inOrder() {
    return SigningKey.query()
      .orderBy('purpose', 'desc')
      .orderByRaw('active_on is null')
      .orderBy('id', 'desc')
  }

  /** A new pair, which signs once it is activated. */
  static async generate(algorithm: SigningAlgorithm, bits: number, by: User | null) {
    const pair = await generateSigningKey(algorithm, bits)
    const privateKey = createPrivateKey(pair.privateKey)
    const publicKey = createPublicKey(privateKey)
    return SigningKey.keep({ purpose: 'documents', origin: 'generated', publicKey, privateKey }, by)
  }

  /** The pair that collectors encrypt for. */
  static async generateForCheckCodes(by: User | null) {
    const pair = await generateSigningKey('RSA-PSS-SHA256')
    const privateKey = createPrivateKey(pair.privateKey)
    const publicKey = createPublicKey(privateKey)
    return SigningKey.keep(
      { purpose: 'check_codes', origin: 'generated', publicKey, privateKey },
      by
    )
  }

  /** One that was made elsewhere: PEM or PKCS#12. @throws KeyUnfit */
  static async import(
    container: Buffer,
    password: string | null,
    purpose: KeyPurpose,
    by: User
  ): Promise<SigningKey> {
    const privateKey = await readPrivateKey(container, password)
    if (!privateKey) throw new KeyUnfit()
    const publicKey = createPublicKey(privateKey)
    return SigningKey.keep({ purpose, origin: 'imported', publicKey, privateKey }, by)
  }

  /** One that stays where it is: somebody at that address signs for us. @throws KeyUnfit */
  static async addExternal(publicPemText: string, signerUrl: string, by: User) {
    let publicKey: KeyObject
    try {
      publicKey = createPublicKey(publicPemText)
    } catch (error) {
      throw new KeyUnfit({}, { cause: error })
    }
    return SigningKey.keep(
      { purpose: 'documents', origin: 'external', publicKey, privateKey: null, signerUrl },
      by
    )
  }

  private static async keep(made: NewKey, by: User | null): Promise<SigningKey> {
    const { purpose, origin, publicKey, privateKey } = made
    const algorithm = fitness(purpose, publicKey)
    if (!algorithm) throw new KeyUnfit()
    const uid = newUid('k')
    const key = new SigningKey()
    key.privateKeyEncrypted = privateKey && seal(privatePem(privateKey), sealPurpose(uid))
    key.publicKey = publicPem(publicKey)
    try {
      await transaction(async (trx) => {
        await recordedChange<SigningKey>(
          key,
          'signing_key.added',
          {
            uid,
            keyId: keyIdOf(publicKey),
            purpose,
            origin,
            algorithm,
            bits: publicKey.asymmetricKeyDetails?.modulusLength ?? 256,
            signerUrl: made.signerUrl ?? null,
            createdById: by?.id ?? null,
          },
          trx
        )
        await key.activateIfAlone(trx)
      })
    } catch (error) {
      if (!isUniqueViolation((error as Error).cause)) throw error
      throw new KeyUnfit({}, { cause: error })
    }
    return key
  }

  /** The key that signs in this ring. @throws NoSigningKey */
  static async activeFor(
    algorithm: SigningAlgorithm,
    trx?: TransactionClientContract
  ): Promise<SigningKey> {
    const key = await SigningKey.query({ client: trx })
      .where('active_on', ringOf('documents', algorithm))
      .first()
    if (!key) throw new NoSigningKey({ algorithm })
    return key
  }

  /** The key that signs what concerns all products; null before there is one. */
  static async anyActive(trx?: TransactionClientContract): Promise<SigningKey | null> {
    const keys = await SigningKey.query({ client: trx })
      .where('purpose', 'documents')
      .whereNotNull('active_on')
    return keys.find(({ algorithm }) => algorithm === 'RSA-PSS-SHA256') ?? keys[0] ?? null
  }

  /** The key that opens check codes now. @throws NoSigningKey */
  static async forCheckCodes(trx?: TransactionClientContract): Promise<SigningKey> {
    const key = await SigningKey.query({ client: trx })
      .where('active_on', ringOf('check_codes', CHECK_CODES))
      .first()
    if (!key) throw new NoSigningKey({ algorithm: CHECK_CODES })
    return key
  }

  /** What products are shipped with: the next, the active and the retired keys. */
  static async ring(trx?: TransactionClientContract): Promise<RingKey[]> {
    const keys = await SigningKey.query({ client: trx })
      .where('purpose', 'documents')
      .whereNull('revoked_at')
      .orderBy('id')
    return keys.map(({ keyId: id, algorithm, publicKey }) => ({
      id,
      algorithm: algorithm as SigningAlgorithm,
      publicKey,
    }))
  }

  static async ringText(): Promise<string> {
    return writeKeyRing(await SigningKey.ring())
  }

  get keyState(): KeyState {
    if (this.revokedAt) return 'revoked'
    if (this.activeOn) return 'active'
    return this.retiredAt ? 'retired' : 'next'
  }

  get isInOurHands(): boolean {
    return this.privateKeyEncrypted !== null
  }

  get signer(): Signer {
    if (this.isInOurHands) return signerOf(this.privateKey())
    return externalSigner({
      keyId: this.keyId,
      algorithm: this.algorithm as SigningAlgorithm,
      publicKey: this.publicKey,
      url: this.signerUrl!,
    })
  }

  /** PEM. Asked for by what signs, opens check codes, and exports. */
  privateKey(): string {
    return unseal(this.privateKeyEncrypted!, sealPurpose(this.uid))
  }

  /** Takes the place of the active key of its ring, which goes on verifying. */
  async activate(trx: TransactionClientContract): Promise<void> {
    const now = DateTime.utc()
    const earlier = await SigningKey.query({ client: trx })
      .where('active_on', this.ring)
      .forUpdate()
      .first()
    if (earlier?.id === this.id) return
    if (earlier) {
      await recordedChange<SigningKey>(
        earlier,
        'signing_key.retired',
        { activeOn: null, retiredAt: now },
        trx
      )
    }
    await recordedChange<SigningKey>(
      this,
      'signing_key.activated',
      { activeOn: this.ring, activatedAt: now, retiredAt: null },
      trx
    )
  }

  /** Whatever it signed is refused from now on. */
  async revoke(trx: TransactionClientContract): Promise<void> {
    await recordedChange<SigningKey>(
      this,
      'signing_key.revoked',
      { activeOn: null, revokedAt: DateTime.utc() },
      trx
    )
  }

  /** The first key of a ring replaces nothing, so nobody has to allow it. */
  private async activateIfAlone(trx: TransactionClientContract): Promise<void> {
    const other = await SigningKey.query({ client: trx })
      .where('purpose', this.purpose)
      .where('algorithm', this.algorithm)
      .whereNot('id', this.id)
      .first()
    if (!other) await this.activate(trx)
  }

  private get ring(): string {
    return ringOf(this.purpose, this.algorithm)
  }

  get auditSubject(): AuditSubject {
    return { kind: 'signing_key', uid: this.uid, label: this.keyId ?? '' }
  }
}

const ringOf = (purpose: KeyPurpose, algorithm: string) => `${purpose}:${algorithm}`
const sealPurpose = (uid: string) => `signing_key:${uid}`

function fitness(purpose: KeyPurpose, key: KeyObject): string | null {
  if (purpose === 'documents') return algorithmOf(key)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= LEAST_CHECK_BITS ? CHECK_CODES : null
}
