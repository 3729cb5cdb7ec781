import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { PasskeySchema } from '#database/schema'
import User from '#models/user'
import { affected, sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'
import * as webauthn from '#services/webauthn'

export type PasskeyProof = { response: AuthenticationResponseJSON; challenge: string }

/** A key in a device or password manager that proves who its holder is. */
export default class Passkey extends PasskeySchema {
  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  @beforeCreate()
  static assignUid(passkey: Passkey) {
    passkey.uid ??= newUid('k')
  }

  static async creationOptions(user: User) {
    return webauthn.creationOptions(user, await credentialsOf(user))
  }

  /** For sign-in without a name (`null`), or as a second factor of somebody known. */
  static async requestOptions(user: User | null) {
    return webauthn.requestOptions(user && (await credentialsOf(user)))
  }

  /** null when the browser's answer does not fit the challenge, or the key is known already. */
  static async created({
    response,
    challenge,
  }: {
    response: RegistrationResponseJSON
    challenge: string
  }): Promise<webauthn.NewCredential | null> {
    const credential = await webauthn.createdCredential(response, challenge)
    const known = credential && (await Passkey.findBy('credentialId', credential.id))
    return known ? null : credential
  }

  static async keep(
    user: User,
    name: string,
    credential: webauthn.NewCredential,
    trx: TransactionClientContract
  ): Promise<Passkey> {
    return Passkey.create(
      {
        userId: user.id,
        name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: credential.transports?.join(',') ?? null,
      },
      { client: trx }
    )
  }

  /**
   * The passkey that gave this proof, with its user; null for any other answer. `owner`: it must be theirs,
   * and possession is enough; without, the key must have verified its person.
   */
  static async proven(
    { response, challenge }: PasskeyProof,
    owner: User | null
  ): Promise<Passkey | null> {
    const passkey = await Passkey.query()
      .where('credential_id', response.id)
      .if(owner, (query) => query.where('user_id', owner!.id))
      .preload('user')
      .first()
    if (!passkey) return null
    const counter = await webauthn.provenCounter(response, challenge, passkey.#credential, {
      alone: owner === null,
    })
    return counter !== null && (await passkey.#count(counter)) ? passkey : null
  }

  get #credential(): webauthn.KnownCredential {
    return {
      id: this.credentialId,
      publicKey: new Uint8Array(Buffer.from(this.publicKey, 'base64url')),
      counter: this.counter,
      transports: transportsOf(this),
    }
  }

  /** A counter that somebody else already moved on means the same proof came twice. */
  async #count(counter: number): Promise<boolean> {
    const counted = await Passkey.query()
      .where({ id: this.id, counter: this.counter })
      .update({ counter, last_used_at: sqlTime(DateTime.utc()) })
    return affected(counted) === 1 || counter === this.counter
  }
}

async function credentialsOf(user: User): Promise<webauthn.Credential[]> {
  const passkeys = await Passkey.query().where('user_id', user.id)
  return passkeys.map((passkey) => ({
    id: passkey.credentialId,
    transports: transportsOf(passkey),
  }))
}

function transportsOf({ transports }: Passkey): string[] {
  return transports?.split(',') ?? []
}
