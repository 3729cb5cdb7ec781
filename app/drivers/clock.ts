/** A server's clock is told in whole seconds: less than this is no difference. */
const CLOCK_RESOLUTION_MS = 1_000

/** Of the `Date` a server answered with: its clock minus ours, milliseconds; null when it does not tell. */
export function clockSkewOf(date: string | null, askedAt: number): number | null {
  const told = Date.parse(date ?? '')
  if (Number.isNaN(told)) return null
  const skewMs = Math.round(told + CLOCK_RESOLUTION_MS / 2 - (askedAt + Date.now()) / 2)
  return Math.abs(skewMs) < CLOCK_RESOLUTION_MS ? 0 : skewMs
}
