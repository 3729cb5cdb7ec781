import { DriverError } from '#drivers/errors'
import type { BackupApi } from '#drivers/contract'
import { DomainError } from '#exceptions/domain_error'
import Backup from '#models/backup'
import { defineOperation, type StepContext } from '#operations/definition'
import { removeArchive, storeArchive } from '#services/archive_store'

/** `replacesId`: the oldest of its schedule, whose place it takes. */
export type CreateBackup = { backupId: number; backup: string; replacesId: number | null }

type Context = StepContext<CreateBackup>

/** The cluster packs it, we fetch it into the store, and the cluster forgets it; where it cannot leave, it is kept. */
export default defineOperation<CreateBackup>({
  type: 'backup.create',
  steps: [
    { name: 'pack', run: pack, undo: discard },
    { name: 'store', run: store, undo: removeStored },
    { name: 'discard', run: discardCarried },
  ],
  async close({ operation }, ending, trx) {
    const { backupId, replacesId } = operation.input as CreateBackup
    if (ending === 'succeeded') await Backup.stored(backupId, replacesId, trx)
    else await Backup.giveUp(backupId, replacesId, trx)
  },
})

async function pack(context: Context) {
  const { instance, settle } = context
  const { uid } = await backupOf(context)
  await settle(await backupsOf(context).pack(instance.ref, uid))
}

async function store(context: Context) {
  const { instance, signal, progress } = context
  const backup = await backupOf(context)
  const archive = await backupsOf(context).read(instance.ref, backup.uid)
  if ('keptAs' in archive) return backup.keep(archive)
  const stored = await storeArchive(backup.place, archive, {
    signal,
    onProgress: (percent) => void progress(null, percent),
  })
  await backup.measure(stored)
}

/** A store that is away keeps no instance busy: its round takes it back later. */
async function removeStored(context: Context) {
  const backup = await backupOf(context)
  if (backup.keptAs !== null) return
  try {
    await removeArchive(backup.place)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await backup.leaveToRound()
  }
}

async function discardCarried(context: Context) {
  const { keptAs } = await backupOf(context)
  if (keptAs === null) await discard(context)
}

async function discard(context: Context) {
  const { instance, driver, settle } = context
  const { uid } = await backupOf(context)
  if (driver.backups) await settle(await driver.backups.discard(instance.ref, uid))
}

const backupOf = ({ input }: Context): Promise<Backup> => Backup.findOrFail(input.backupId)

function backupsOf({ driver }: Context): BackupApi {
  if (driver.backups) return driver.backups
  throw new DriverError('unsupported', 'this cluster makes no backups')
}
