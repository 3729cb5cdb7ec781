import vine from '@vinejs/vine'
import { hostName } from '#validators/rules/host_name'
import { requestKey } from '#validators/request_key'
import { copyName } from '#validators/snapshot'

export const createBackupValidator = vine.create({
  name: copyName().nullable().optional(),
  request_key: requestKey().optional(),
})

export const restoreBackupValidator = vine.create({
  name: vine.string().trim().toLowerCase().maxLength(63).use(hostName()),
  plan: vine.string().maxLength(24),
  request_key: requestKey().optional(),
})
