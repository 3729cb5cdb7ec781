import vine from '@vinejs/vine'
import { NETWORK_CHOICES } from '#models/offer'
import { requestKey } from '#validators/request_key'
import { hostName } from '#validators/rules/host_name'
import { publicKeysOf, sshPublicKeys } from '#validators/rules/ssh_public_keys'

export const PASSWORD_CHOICES = ['generated', 'own'] as const

const uid = () => vine.string().maxLength(24)

/** Printable: it is typed at a console, and handed to the guest as one line. */
const rootPassword = () =>
  vine
    .string()
    .minLength(10)
    .maxLength(128)
    .regex(/^[^\p{Cc}]+$/u)
    .optional()
    .requiredWhen('password_choice', '=', 'own')

export const createInstanceValidator = vine.create({
  name: vine.string().trim().toLowerCase().maxLength(63).use(hostName()),
  image: uid(),
  plan: uid(),
  cluster: uid().optional(),
  network: vine.enum(NETWORK_CHOICES).optional(),
  password_choice: vine.enum(PASSWORD_CHOICES).optional(),
  password: rootPassword(),
  ssh_keys: vine.string().maxLength(40_000).use(sshPublicKeys()).transform(publicKeysOf).optional(),
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
    confirmation: vine.literal(name),
    request_key: requestKey().optional(),
  })
