import { BaseCommand, args } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import LicensedProduct from '#models/licensed_product'
import { reissueBatch, type Reissued } from '#models/reissue'
import { Tenant } from '#models/concerns/tenant'

export default class LicenseReissue extends BaseCommand {
  static override commandName = 'license:reissue'
  static override description =
    'Sign the licences of a product again with the key that is active now, a thousand at a time'
  static override help = 'After a key was rotated. Stopped half-way, it goes on where it was.'
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'Code of the licensed product' })
  declare product: string

  override async run() {
    const product = await LicensedProduct.findBy('code', this.product)
    if (!product) {
      this.logger.error(`there is no product ${this.product}`)
      this.exitCode = 1
      return
    }
    let documents = 0
    for (let after: number | null = 0; after !== null;) {
      const batch: Reissued = await Tenant.system('sign licences again', () =>
        reissueBatch(product, { after: after!, issuedBy: 'node ace license:reissue' })
      )
      documents += batch.documents
      after = batch.next
      this.logger.info(`${documents} signed`)
    }
    this.logger.success(`${documents} licences of ${product.name} are signed with the active key`)
  }
}
