import vine from '@vinejs/vine'

/** The name that has to be typed before something goes for good. `meta.name` is what it must be. */
const typedName = vine.createRule((value, _options, field) => {
  if (value !== field.meta.name) {
    field.report('{{ field }} must read {{ name }}', 'typedName', field, { name: field.meta.name })
  }
})

export const confirmationValidator = vine.withMetaData<{ name: string }>().create({
  confirmation: vine.string().trim().maxLength(254).use(typedName()),
})

/** The same where the name is known when the form is read. */
export const typedAgain = (name: string) =>
  vine.literal(name).parse((value) => (typeof value === 'string' ? value.trim() : value))
