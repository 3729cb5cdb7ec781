import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { LOCALES } from '#config/i18n'
import { EmailTaken } from '#exceptions/domain_error'
import { STAFF_ROLES } from '#models/types'

export default class UserCreate extends BaseCommand {
  static override commandName = 'user:create'
  static override description = 'Make a user and print the one-time link for choosing a password'
  static override options: CommandOptions = { startApp: true }

  @flags.string({ description: 'E-mail address', required: true })
  declare email: string

  @flags.string({ description: 'Name' })
  declare name?: string

  @flags.string({ description: `Platform staff: ${STAFF_ROLES.join(', ')}; without it a customer` })
  declare staffRole?: string

  @flags.string({ description: `Language: ${LOCALES.join(', ')}` })
  declare locale?: string

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    const { default: UserAdministration } = await import('#models/user_administration')
    const { commandUserValidator } = await import('#validators/user')
    const [problem, wanted] = await commandUserValidator.tryValidate({
      email: this.email,
      name: this.name,
      staff_role: this.staffRole,
      locale: this.locale,
    })
    if (problem) return this.refuse(problem.messages[0]?.message ?? problem.message)
    try {
      const { user, link } = await UserAdministration.create({
        email: wanted.email,
        fullName: wanted.name ?? null,
        staffRole: wanted.staff_role ?? null,
        locale: wanted.locale,
      })
      const { uid, email, staffRole } = user
      if (this.json) return this.logger.log(JSON.stringify({ uid, email, staffRole, link }))
      this.logger.success(`${email} can choose a password within 24 hours:`)
      this.logger.log(link)
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error
      this.refuse(`${this.email} has an account already`)
    }
  }

  private refuse(why: string) {
    this.logger.error(why)
    this.exitCode = 1
  }
}
