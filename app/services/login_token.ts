import { errors, jwtVerify, SignJWT } from 'jose'
import { apiLogin } from '#config/api'
import { appUrl } from '#config/app'

/** One algorithm, whatever a token says of itself. */
const ALGORITHM = 'HS256'
const AUDIENCE = 'portico-api'

/** Wraps the id of a login into a token that says whose it is and until when. */
export function signLogin(id: string, subject: string, expiresAt: Date): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(appUrl)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(apiLogin.key)
}

/** The id of the login; null when we did not sign this, or not for here, or its time is over. */
export async function readLogin(token: string): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(token, apiLogin.key, {
      algorithms: [ALGORITHM],
      issuer: appUrl,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'jti', 'sub'],
    })
    return payload.jti ?? null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
