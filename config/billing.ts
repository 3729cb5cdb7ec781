import env from '#start/env'

export const billing = {
  /** A ZJMF plugin gives up after 30 s: before that it is told that the work goes on. */
  waitMs: env.get('BILLING_WAIT_MS', 24_000),
}

/** Keys the digest of an order. */
export const orderDigestKey = env.get('APP_KEY').release()
