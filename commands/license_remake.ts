import { BaseCommand, args } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { digestOf } from '#licensing/document'
import LicenseLedger from '#models/license_ledger'

export default class LicenseRemake extends BaseCommand {
  static override commandName = 'license:remake'
  static override description = 'Print the document of a serial, made of the ledger once more'
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'The serial of the document' })
  declare serial: string

  override async run() {
    const kept = await LicenseLedger.document(Number(this.serial))
    if (!kept) {
      this.logger.error(`the ledger has no serial ${this.serial}`)
      this.exitCode = 1
      return
    }
    process.stdout.write(kept.document)
    if (digestOf(kept.document) === kept.digest) return
    this.logger.error('these are not the bytes that were issued')
    this.exitCode = 1
  }
}
