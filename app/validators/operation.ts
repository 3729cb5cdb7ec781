import vine from '@vinejs/vine'
import { words } from '#validators/rules/words'

export const abandonOperationValidator = vine.create({
  reason: words(300).minLength(5),
})
