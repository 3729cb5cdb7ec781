import { readFile } from 'node:fs/promises'
import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { ClassicImport, type ImportReport } from '#models/classic_import'
import LicensedProduct from '#models/licensed_product'
import User from '#models/user'
import { closeQueues } from '#services/queue'
import { csvRows } from '#validators/csv'

export default class LicenseImportClassic extends BaseCommand {
  static override commandName = 'license:import-classic'
  static override description = 'Take over people and instances of the old licence manager'
  static override help = [
    'Both files are CSV with the names of the old columns in the first line, as `select *` of the tables gives it.',
    'Ids stay known, so a second run adds only what is new. Passwords are not taken over.',
  ]
  static override options: CommandOptions = { startApp: true }

  @flags.string({ description: 'CSV of the users' })
  declare users?: string

  @flags.string({ description: 'CSV of the instances' })
  declare instances?: string

  @flags.string({ description: 'Code of the licensed product that the instances are of' })
  declare product?: string

  @flags.string({ description: 'E-mail of the administrator in whose name it is done' })
  declare by?: string

  override prepare() {
    // Documents are signed by the workers, who were told through the queue.
    this.app.terminating(() => closeQueues())
  }

  override async run() {
    if (this.users) this.tell('users', await ClassicImport.users(await rowsIn(this.users)))
    if (!this.instances) return
    const product = await LicensedProduct.findBy('code', this.product ?? '')
    const by = await User.findByEmail(this.by ?? '')
    if (!product || !by?.isStaffOf('admin')) {
      this.logger.error(
        '--product is the code of a licensed product, --by the e-mail of an administrator'
      )
      this.exitCode = 1
      return
    }
    const rows = await rowsIn(this.instances)
    this.tell('instances', await ClassicImport.instances(rows, product, by))
  }

  private tell(what: string, { added, known, refused }: ImportReport) {
    this.logger.success(`${what}: ${added} added, ${known} known, ${refused.length} refused`)
    for (const { id, why } of refused) this.logger.error(`${what} ${id}: ${why}`)
    if (refused.length > 0) this.exitCode = 1
  }
}

async function rowsIn(file: string) {
  return csvRows(await readFile(file, 'utf8'))
}
