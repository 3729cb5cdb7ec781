import { DriverError } from '#drivers/errors'
import { BackupGone, DomainError } from '#exceptions/domain_error'
import Backup from '#models/backup'
import type { StepContext } from '#operations/definition'
import { specOf } from '#operations/steps/build'

type Input = { backupId?: number }

/** Has the cluster make it of an archive, stopped, and makes it its own. One that is made already stays. */
export async function unpack(context: StepContext<Input>): Promise<void> {
  const { instance, driver, settle } = context
  if (!driver.backups) throw new DriverError('unsupported', 'this cluster restores no backups')
  const spec = await specOf(context, instance)
  const made = await driver.instances.find(instance.ref)
  if (made?.stamp === spec.stamp) return
  const backup = await backupOf(context)
  const source = backup.instance.uid
  const archive = backup.read()
  try {
    await settle(await driver.backups.unpack(spec, archive, source))
  } catch (error) {
    // To a driver a store that breaks off is a body that ended; the archive knows why it did.
    const errored = 'stream' in archive ? archive.stream.errored : null
    throw errored instanceof DomainError ? errored : error
  }
  await settle(await driver.backups.adopt(spec, source))
}

/** What was unpacked and not yet adopted carries the stamp of the one it was made of. */
export async function removeUnpacked(context: StepContext<Input>): Promise<void> {
  const { instance, driver, settle } = context
  const left = await driver.instances.find(instance.ref)
  if (!left?.stamp || left.stamp === instance.uid) return
  const { instance: source } = await backupOf(context)
  if (left.stamp === source.uid)
    await settle(await driver.instances.destroy(instance.ref, source.uid))
}

async function backupOf({ input }: StepContext<Input>): Promise<Backup> {
  const backup = await Backup.query().where('id', input.backupId!).preload('instance').first()
  if (!backup) throw new BackupGone()
  return backup
}
