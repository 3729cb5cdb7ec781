import vine from '@vinejs/vine'

/** What stands for a row in an address or a form; whether there is such a row is for the model to say. */
export const uid = () =>
  vine
    .string()
    .trim()
    .maxLength(24)
    .regex(/^[\w-]+$/)
