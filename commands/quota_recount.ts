import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import Quota from '#models/quota'

export default class QuotaRecount extends BaseCommand {
  static override commandName = 'quota:recount'
  static override description = 'Compare what quotas count with what is held'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Put right what is wrong' })
  declare fix: boolean

  override async run() {
    const wrong = await Quota.recount(this.fix ?? false)
    for (const { organizationId, resource, used, held } of wrong) {
      this.logger.warning(
        `organization ${organizationId}: ${resource} counts ${used} and holds ${held}`
      )
    }
    if (wrong.length === 0) this.logger.success('every quota counts what is held')
    else if (this.fix) this.logger.success(`${wrong.length} put right`)
    else this.exitCode = 1
  }
}
