import { errors, jwtVerify, SignJWT } from 'jose'
import { appUrl } from '#config/app'
import { visitLinkKey } from '#config/visits'

/** One algorithm and one purpose, whatever a token says of itself. */
const ALGORITHM = 'HS256'
const TYPE = 'visit+jwt'
/** For this portal, and for nothing else that it signs. */
export const VISITS_URL = `${appUrl}/visits`

export type VisitLink = { uid: string; secret: string }

/** The address that opens a visit. */
export async function writeVisitLink({ uid, secret }: VisitLink, expiresAt: Date): Promise<string> {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(appUrl)
    .setAudience(VISITS_URL)
    .setSubject(uid)
    .setJti(secret)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(visitLinkKey)
  return `${VISITS_URL}/${token}`
}

/** null when we did not sign this, or not for here. Its age is told by the visit's row. */
export async function readVisitLink(token: string): Promise<VisitLink | null> {
  try {
    const { payload } = await jwtVerify(token, visitLinkKey, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: appUrl,
      audience: VISITS_URL,
      requiredClaims: ['exp', 'jti', 'sub'],
      // Who presses the button a second time is brought on to the visit that the first one opened.
      clockTolerance: '1 day',
    })
    return { uid: payload.sub!, secret: payload.jti! }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
