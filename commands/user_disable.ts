import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'

export default class UserDisable extends BaseCommand {
  static override commandName = 'user:disable'
  static override description = 'Sign a user out everywhere and refuse them from now on'
  static override options: CommandOptions = { startApp: true }

  @flags.string({ description: 'E-mail address', required: true })
  declare email: string

  @flags.boolean({ description: 'Let them in again' })
  declare undo: boolean

  override async run() {
    const { default: User } = await import('#models/user')
    const user = await User.findByEmail(this.email)
    if (!user) {
      this.logger.error(`nobody has the address ${this.email}`)
      this.exitCode = 1
      return
    }
    await (this.undo ? user.enable() : user.disable())
    this.logger.success(`${user.email} is ${this.undo ? 'enabled' : 'disabled'}`)
  }
}
