import vine from '@vinejs/vine'
import { NETWORK_CHOICES } from '#models/offer'
import { asList } from '#validators/as_list'
import { typedAgain } from '#validators/confirmation'
import { requestKey } from '#validators/request_key'
import { hostName } from '#validators/rules/host_name'
import { publicKeys } from '#validators/rules/ssh_public_keys'
import { keptKeys } from '#validators/ssh_key'
import { halfWidth } from '#validators/rules/half_width'
import { uid } from '#validators/rules/uid'

export const PASSWORD_CHOICES = ['generated', 'own'] as const

const instanceName = () =>
  vine.string().parse(halfWidth).trim().toLowerCase().maxLength(63).use(hostName())

/** Printable: it is typed at a console, and handed to the guest as one line. */
const rootPassword = () =>
  vine
    .string()
    .minLength(10)
    .maxLength(128)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u)
    .optional()
    .requiredWhen('password_choice', '=', 'own')

export const createInstanceValidator = vine.create({
  name: instanceName(),
  image: uid(),
  plan: uid(),
  cluster: uid().optional(),
  network: vine.enum(NETWORK_CHOICES).optional(),
  password_choice: vine.enum(PASSWORD_CHOICES).optional(),
  password: rootPassword(),
  ssh_keys: publicKeys().optional(),
  kept_keys: keptKeys().optional(),
  request_key: requestKey().optional(),
})

export const resetPasswordValidator = vine.create({
  password_choice: vine.enum(PASSWORD_CHOICES),
  password: rootPassword(),
  request_key: requestKey().optional(),
})

export const powerValidator = vine.create({
  action: vine.enum(['start', 'stop', 'restart', 'force_stop'] as const),
  request_key: requestKey().optional(),
})

export const deleteInstanceValidator = (name: string) =>
  vine.create({
    confirmation: typedAgain(name),
    request_key: requestKey().optional(),
  })

export const renameInstanceValidator = vine.create({
  name: instanceName(),
  request_key: requestKey().optional(),
})

export const resizeInstanceValidator = vine.create({
  plan: uid(),
  request_key: requestKey().optional(),
})

const reinstallation = () => ({
  image: uid(),
  password_choice: vine.enum(PASSWORD_CHOICES),
  password: rootPassword(),
  ssh_keys: publicKeys().optional(),
  kept_keys: keptKeys().optional(),
  request_key: requestKey().optional(),
})

/** Of a person its name is asked once more; a program has nobody who would read the question. */
export const reinstallInstanceValidator = vine.create(reinstallation())

export const moveInstanceValidator = vine.create({
  node: uid(),
  request_key: requestKey().optional(),
})

export const reinstallValidator = (name: string) =>
  vine.create({ ...reinstallation(), confirmation: typedAgain(name) })

export const addKeysValidator = vine.create({
  ssh_keys: publicKeys().optional().requiredIfMissing('kept_keys'),
  kept_keys: keptKeys().optional(),
  request_key: requestKey().optional(),
})

export const removeKeysValidator = vine.create({
  keys: vine.array(uid()).parse(asList).maxLength(100),
  request_key: requestKey().optional(),
})

/** An organization is named as its pages are. */
const slug = () =>
  vine
    .string()
    .parse(halfWidth)
    .trim()
    .toLowerCase()
    .maxLength(40)
    .regex(/^[a-z0-9][a-z0-9-]*$/)

export const offerTransferValidator = (name: string) =>
  vine.create({ organization: slug(), confirmation: typedAgain(name) })

/** As a program offers it. */
export const offerInstanceValidator = vine.create({ organization: slug() })

export const acceptTransferValidator = vine.create({ name: instanceName() })

export const rescueInstanceValidator = vine.create({ request_key: requestKey().optional() })
