import env from '#start/env'
import { sweepEveryMs } from '#config/operations'
import { webhookRanges } from '../start/webhook_ranges.js'

/** Addresses and CIDRs beside the public ones that webhooks may lead to; there plain http will do as well. */
export const allowedRanges = webhookRanges(env.get('WEBHOOK_ALLOWED_RANGES'))
/** How often is looked for what is to be told or sent. */
export const sendEveryMs = Math.min(5_000, sweepEveryMs)
/** From the first question for its name to the end of its answer. */
export const answerWithinMs = env.get('WEBHOOK_ANSWER_MS', 10_000)
/** Pauses between attempts; after the last one the delivery has failed. About a day in all. */
export const pausesMs = [5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200].map(
  (seconds) => seconds * 1_000
)
/** An endpoint that took nothing for so long is told nothing more. */
export const givenUpAfterDays = 3
/** What was told longer ago is forgotten, with its deliveries. */
export const keepDays = env.get('NOTICE_KEEP_DAYS', 90)
