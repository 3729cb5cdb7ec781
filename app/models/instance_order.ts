import Instance, { type Ordered } from '#models/instance'
import { Offer, type NetworkChoice } from '#models/offer'
import OneTimeSecret from '#models/one_time_secret'
import type Organization from '#models/organization'
import SshKey from '#models/ssh_key'
import type User from '#models/user'

/** What a person or their program picks; uids of what is offered. */
export type InstanceWish = {
  name: string
  image: string
  plan: string
  cluster?: string
  network?: NetworkChoice
  password_choice?: 'generated' | 'own'
  password?: string
  ssh_keys?: string[]
  /** uids of keys that who orders it keeps. */
  kept_keys?: string[]
}

/** @throws all that Offer.choose and Instance.order throw, NoSuchKey */
export async function orderInstance(
  organization: Organization,
  wish: InstanceWish,
  requestedBy: User,
  requestKey: string | null
): Promise<Ordered> {
  const offer = await Offer.of(organization)
  const isPasswordKnown = wish.password_choice === 'own'
  return Instance.order(organization, {
    ...offer.choose({ ...wish, network: wish.network ?? 'all', cluster: wish.cluster ?? null }),
    name: wish.name,
    rootPassword: isPasswordKnown ? wish.password! : OneTimeSecret.newPassword(),
    isPasswordKnown,
    sshKeys: await SshKey.chosen(requestedBy, wish),
    requestedBy,
    requestKey,
  })
}
