import vine from '@vinejs/vine'

/** Empty: not limited. */
const maximum = () => vine.number().withoutDecimals().min(0).max(100_000_000).nullable()

export const updateQuotasValidator = vine.create({
  instances: maximum(),
  cpus: maximum(),
  memory_mib: maximum(),
  disk_gib: maximum(),
  addresses: maximum(),
  port_forwards: maximum(),
  snapshots: maximum(),
  backups: maximum(),
  reason: vine.string().trim().minLength(3).maxLength(200),
})
