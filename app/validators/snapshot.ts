import vine from '@vinejs/vine'
import { requestKey } from '#validators/request_key'

/** Shown in lists and in the name of a file: any words, on one line. */
export const copyName = () =>
  vine
    .string()
    .trim()
    .maxLength(60)
    .regex(/^[^\p{C}]+$/u)

export const keepDays = () => vine.number().withoutDecimals().range([1, 3650])

export const createSnapshotValidator = vine.create({
  name: copyName().nullable().optional(),
  // Left out: until somebody deletes it.
  keep_days: keepDays().nullable().optional(),
  request_key: requestKey().optional(),
})

/** Before it goes, or another takes its place: its name, typed once more. */
export const confirmCopyValidator = (name: string) =>
  vine.create({
    confirmation: vine.literal(name),
    request_key: requestKey().optional(),
  })
