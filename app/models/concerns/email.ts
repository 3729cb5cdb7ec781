/** The databases compare differently: what is stored and what is looked for is lower case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** A domain that can never exist (RFC 2606): no mail goes there. */
const NO_MAILBOX = '@nobody.invalid'

/** Stands in for the address of a person who gave none. */
export function noMailboxOf(uid: string): string {
  return `${uid}${NO_MAILBOX}`
}

export function hasNoMailbox(email: string): boolean {
  return email.endsWith(NO_MAILBOX)
}
