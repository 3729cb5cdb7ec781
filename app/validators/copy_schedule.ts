import vine from '@vinejs/vine'
import { COPY_RHYTHMS } from '#models/types'
import { whole } from '#validators/rules/numbers'

export const copyScheduleValidator = vine.create({
  rhythm: vine.enum(COPY_RHYTHMS),
  keep: whole().range([1, 1000]),
  hour: whole().range([0, 23]),
  weekday: whole().range([1, 7]),
})
