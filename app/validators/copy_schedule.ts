import vine from '@vinejs/vine'
import { COPY_RHYTHMS } from '#models/types'

export const copyScheduleValidator = vine.create({
  rhythm: vine.enum(COPY_RHYTHMS),
  keep: vine.number().withoutDecimals().range([1, 1000]),
  hour: vine.number().withoutDecimals().range([0, 23]),
  weekday: vine.number().withoutDecimals().range([1, 7]),
})
