import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'

export default class UserList extends BaseCommand {
  static override commandName = 'user:list'
  static override description = 'List users'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Platform staff only' })
  declare staff: boolean

  @flags.boolean({ description: 'Print one line of JSON for each' })
  declare json: boolean

  override async run() {
    const { default: User } = await import('#models/user')
    const query = User.query().orderBy('id')
    if (this.staff) query.whereNotNull('staff_role')
    const users = await query
    const rows = users.map((user) => ({
      uid: user.uid,
      email: user.email,
      name: user.fullName,
      staffRole: user.staffRole,
      verified: user.isVerified,
      secondFactor: user.authenticator.isOn,
      disabled: user.isDisabled,
      lastSignIn: user.lastSignInAt?.toISO() ?? null,
    }))
    if (this.json) return rows.forEach((row) => this.logger.log(JSON.stringify(row)))

    const table = this.ui.table()
    table.head(['E-mail', 'Name', 'Staff', 'Verified', 'Disabled', 'Last sign-in'])
    for (const row of rows) {
      table.row([
        row.email,
        row.name ?? '',
        row.staffRole ?? '',
        row.verified ? 'yes' : 'no',
        row.disabled ? 'yes' : 'no',
        row.lastSignIn ?? 'never',
      ])
    }
    table.render()
  }
}
