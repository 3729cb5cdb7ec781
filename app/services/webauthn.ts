import { isIP } from 'node:net'
import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server'
import { appUrl } from '#config/app'

const { hostname, origin, protocol } = new URL(appUrl)

/** Browsers make passkeys for names, not for addresses, and only where nobody can listen. */
export const passkeysWork =
  isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 &&
  (protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost'))

export type NewCredential = WebAuthnCredential
export type Credential = { id: string; transports: string[] }
export type KnownCredential = Credential & { publicKey: Uint8Array<ArrayBuffer>; counter: number }

/** Few people have passkeys at hand in one moment; the library is loaded for those who do. */
const library = () => import('@simplewebauthn/server')

export async function creationOptions(
  person: { uid: string; email: string; displayName: string },
  known: Credential[]
) {
  const { generateRegistrationOptions } = await library()
  return generateRegistrationOptions({
    rpName: 'Portico',
    rpID: hostname,
    userID: new TextEncoder().encode(person.uid),
    userName: person.email,
    userDisplayName: person.displayName,
    attestationType: 'none',
    excludeCredentials: known,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
}

/** The new credential, or null when the answer does not fit what was asked. */
export async function createdCredential(
  response: RegistrationResponseJSON,
  challenge: string
): Promise<NewCredential | null> {
  const { verifyRegistrationResponse } = await library()
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: hostname,
    requireUserVerification: false,
  }).catch(() => ({ registrationInfo: null }))
  return registrationInfo?.credential ?? null
}

/** Without `known`, the browser offers every passkey it has for this site. */
export async function requestOptions(known: Credential[] | null) {
  const { generateAuthenticationOptions } = await library()
  return generateAuthenticationOptions({
    rpID: hostname,
    allowCredentials: known ?? undefined,
    userVerification: known ? 'preferred' : 'required',
  })
}

/**
 * The counter after this use, or null when the answer proves nothing. Alone, a passkey must also have
 * verified its person (`alone`); beside a password possession is enough.
 */
export async function provenCounter(
  response: AuthenticationResponseJSON,
  challenge: string,
  credential: KnownCredential,
  { alone }: { alone: boolean }
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await library()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: hostname,
    credential,
    requireUserVerification: alone,
  }).catch(() => ({ verified: false, authenticationInfo: null }))
  return verified && authenticationInfo ? authenticationInfo.newCounter : null
}
