import logger from '@adonisjs/core/services/logger'
import Organization from '#models/organization'

/** Who owns what belongs to nobody else is there before anything can belong to it. */
export async function ensureProvider(): Promise<void> {
  try {
    await Organization.provider()
  } catch (error) {
    // Whoever needs it later asks again.
    logger.warn({ err: error }, "could not look for the provider's organization")
  }
}
