import { BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { credentialKeyRing } from '#config/encryption'
import { SealedColumn } from '#models/sealed_column'

export default class EncryptionRotate extends BaseCommand {
  static override commandName = 'encryption:rotate'
  static override description = 'Encrypt every kept secret anew under the first of CREDENTIAL_KEYS'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Only count; change nothing' })
  declare dryRun: boolean

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const reports = await SealedColumn.rotate({ isDry: this.dryRun })
    const unreadable = reports.flatMap((report) => report.unreadable)
    const idle = this.idleKeys(
      reports.map(({ sealedWith }) => sealedWith),
      unreadable.length > 0
    )
    if (this.json) {
      const key = credentialKeyRing[0]!.id
      this.logger.log(JSON.stringify({ key, dryRun: this.dryRun === true, reports, idle }))
    } else {
      for (const { table, sealedWith, resealed, unreadable: failed } of reports) {
        const found = Object.entries(sealedWith).map(([id, count]) => `${count} under ${id}`)
        const done = this.dryRun ? 'to be sealed anew' : 'sealed anew'
        this.logger.info(`${table}: ${found.join(', ') || 'none'}; ${resealed} ${done}`)
        for (const { uid, reason } of failed) this.logger.error(`${table} ${uid}: ${reason}`)
      }
      if (idle.length > 0) {
        this.logger.info(`nothing needs ${idle.join(', ')} any more: CREDENTIAL_KEYS may lose it`)
      }
    }
    if (unreadable.length > 0) this.exitCode = 1
  }

  /** Old keys that nothing is sealed with once this run is over. */
  private idleKeys(sealedWith: Record<string, number>[], isIncomplete: boolean): string[] {
    const old = credentialKeyRing.slice(1).map(({ id }) => id)
    const isUsed = (id: string) => sealedWith.some((counts) => (counts[id] ?? 0) > 0)
    if (this.dryRun || isIncomplete) return old.filter((id) => !isUsed(id))
    return old
  }
}
