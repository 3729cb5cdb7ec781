import { Secret, TOTP } from 'otpauth'
import db from '@adonisjs/lucid/services/db'
import type User from '#models/user'
import { affected } from '#models/concerns/sql'
import { seal, unseal } from '#services/vault'

const PERIOD_SECONDS = 30
/** A code is accepted one step early or late: clocks differ. */
const WINDOW = 1

/** The app that shows a six-digit code every half minute, as far as this person's account knows it. */
export default class Authenticator {
  constructor(private readonly user: User) {}

  get isOn(): boolean {
    return Boolean(this.user.totpConfirmedAt)
  }

  /** A secret that waits for its first code. Asking again before that gives the same one. */
  async begin(): Promise<{ secret: string; uri: string }> {
    if (!this.user.totpSecretEncrypted) {
      const secret = new Secret({ size: 20 }).base32
      await db
        .from('users')
        .where('id', this.user.id)
        .update({ totp_secret_encrypted: seal(secret, this.#purpose), totp_last_step: null })
      await this.user.refresh()
    }
    const totp = this.#totp()
    return { secret: totp.secret.base32, uri: totp.toString() }
  }

  /** The first code shows that the app has the secret; from now on sign-in asks for one. */
  async fits(code: string): Promise<boolean> {
    return !this.isOn && this.#accept(code)
  }

  async accepts(code: string): Promise<boolean> {
    return this.isOn && this.#accept(code)
  }

  /** The step of an accepted code is written only if it is later than the last one: a code works once. */
  async #accept(code: string): Promise<boolean> {
    if (!this.user.totpSecretEncrypted) return false
    const token = code.replaceAll(/\s/g, '')
    const delta = this.#totp().validate({ token, window: WINDOW })
    if (delta === null) return false
    const step = Math.floor(Date.now() / 1000 / PERIOD_SECONDS) + delta
    const taken = await db
      .from('users')
      .where('id', this.user.id)
      .where((open) => open.whereNull('totp_last_step').orWhere('totp_last_step', '<', step))
      .update({ totp_last_step: step })
    return affected(taken) === 1
  }

  #totp(): TOTP {
    const secret = unseal(this.user.totpSecretEncrypted!, this.#purpose)
    return new TOTP({
      issuer: 'Portico',
      label: this.user.email,
      algorithm: 'SHA1',
      digits: 6,
      period: PERIOD_SECONDS,
      secret: Secret.fromBase32(secret),
    })
  }

  get #purpose(): string {
    return `totp:${this.user.uid}`
  }
}
