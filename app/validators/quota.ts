import vine from '@vinejs/vine'
import { whole } from '#validators/rules/numbers'
import { words } from '#validators/rules/words'

/** Empty: not limited. */
const maximum = () => whole().min(0).max(100_000_000).nullable()

export const updateQuotasValidator = vine.create({
  instances: maximum(),
  cpus: maximum(),
  memory_mib: maximum(),
  disk_gib: maximum(),
  addresses: maximum(),
  port_forwards: maximum(),
  snapshots: maximum(),
  backups: maximum(),
  reason: words(200).minLength(3),
})
