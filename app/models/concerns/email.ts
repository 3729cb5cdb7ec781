/** The databases compare differently: what is stored and what is looked for is lower case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
