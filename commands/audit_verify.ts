import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import AuditChain from '#models/audit_chain'

export default class AuditVerify extends BaseCommand {
  static override commandName = 'audit:verify'
  static override description = 'Walk the chains of the audit log and name the first broken row'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    const { chains, fault } = await AuditChain.verify()
    const events = chains.reduce((sum, chain) => sum + chain.events, 0)
    if (this.json) {
      this.logger.log(JSON.stringify({ intact: fault === null, events, chains, fault }))
    } else if (fault) {
      this.logger.error(
        `chain ${fault.chain} is broken at position ${fault.position}: ${fault.fault}`
      )
    } else {
      this.logger.success(`${chains.length} chains with ${events} events are unbroken`)
    }
    if (fault) this.exitCode = 1
  }
}
