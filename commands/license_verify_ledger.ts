import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import LicenseLedger from '#models/license_ledger'

export default class LicenseVerifyLedger extends BaseCommand {
  static override commandName = 'license:verify-ledger'
  static override description =
    'Walk the ledger of licences, make each document again, and name the first row that does not fit'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    const { documents, head, fault } = await LicenseLedger.verify()
    if (this.json) {
      this.logger.log(JSON.stringify({ intact: fault === null, documents, head, fault }))
    } else if (fault) {
      this.logger.error(`the ledger is broken at position ${fault.position}: ${fault.fault}`)
    } else {
      this.logger.success(`${documents} documents are as they were issued`)
    }
    if (fault) this.exitCode = 1
  }
}
