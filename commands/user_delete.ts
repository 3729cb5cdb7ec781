import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { SoleOwner } from '#exceptions/domain_error'

export default class UserDelete extends BaseCommand {
  static override commandName = 'user:delete'
  static override description = 'Delete a user; what they did stays in the audit'
  static override options: CommandOptions = { startApp: true }

  @flags.string({ description: 'E-mail address', required: true })
  declare email: string

  @flags.boolean({ description: 'Do not ask' })
  declare force: boolean

  override async run() {
    const { default: User } = await import('#models/user')
    const { default: UserAdministration } = await import('#models/user_administration')
    const user = await User.findByEmail(this.email)
    if (!user) return this.refuse(`nobody has the address ${this.email}`)
    const sure = this.force || (await this.prompt.confirm(`Delete ${user.email} for good?`))
    if (!sure) return
    try {
      await UserAdministration.delete(user)
      this.logger.success(`${user.email} is deleted`)
    } catch (error) {
      if (!(error instanceof SoleOwner)) throw error
      this.refuse(
        `${user.email} is the only owner of ${error.data.organization}; hand it over first`
      )
    }
  }

  private refuse(why: string) {
    this.logger.error(why)
    this.exitCode = 1
  }
}
