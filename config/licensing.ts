import env from '#start/env'

/** Sent to external signers as a bearer token. */
export const signerSecret = env.get('LICENSE_SIGNER_SECRET')
/** How long a list of what is revoked holds; a new one is made a day before it ends, and when it changes. */
export const revocationListDays = 7
/** Mails go out so many days ahead. */
export const expiryNoticeDays = [30, 7, 1] as const
