import { setTimeout } from 'node:timers/promises'

/** Longer than any of the ways that an answer takes which must not tell whether an account exists. */
const EVEN_MS = 400

/** Does the work, and is done no sooner than after a fixed time: how long it took tells nothing. */
export async function inEvenTime<T>(work: () => Promise<T>): Promise<T> {
  const [result] = await Promise.all([work(), setTimeout(EVEN_MS)])
  return result
}
