import vine from '@vinejs/vine'

export const abandonOperationValidator = vine.create({
  reason: vine.string().trim().minLength(5).maxLength(300),
})
