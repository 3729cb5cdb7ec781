import vine from '@vinejs/vine'
import { typedAgain } from '#validators/confirmation'
import { requestKey } from '#validators/request_key'
import { whole } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

/** Shown in lists and in the name of a file. */
export const copyName = () => words(60)

export const keepDays = () => whole().range([1, 3650])

export const createSnapshotValidator = vine.create({
  name: copyName().nullable().optional(),
  // Left out: until somebody deletes it.
  keep_days: keepDays().nullable().optional(),
  request_key: requestKey().optional(),
})

/** Before it goes, or another takes its place: its name, typed once more. */
export const confirmCopyValidator = (name: string) =>
  vine.create({
    confirmation: typedAgain(name),
    request_key: requestKey().optional(),
  })
