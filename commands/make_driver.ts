import { args } from '@adonisjs/core/ace'
import { Maker } from './_maker.js'

const CONTRACT = 'app/drivers/contract.ts'
const REGISTRY = 'app/drivers/registry.ts'

/** A vendor's folder, its two lines in the contract and the registry, and the spec it has to pass. */
export default class MakeDriver extends Maker {
  static override commandName = 'make:driver'
  static override description = 'Create a driver for another kind of cluster'

  @args.string({ description: 'The vendor, in lower case: hetzner' })
  declare vendor: string

  override async run() {
    const { vendor } = this
    if (!/^[a-z][a-z0-9]{1,15}$/.test(vendor)) {
      this.logger.error('a vendor has 2 to 16 lower-case letters and digits, a letter first')
      this.exitCode = 1
      return
    }
    const name = vendor[0]!.toUpperCase() + vendor.slice(1)
    for (const stub of ['driver', 'client', 'instances', 'spec']) {
      await this.makeFile(`driver/${stub}`, { vendor, name })
    }
    const line = `  ${vendor}: () => import('#drivers/${vendor}/driver'),\n`
    await this.insert(CONTRACT, /(DRIVER_NAMES = \[[^\]]*)\]/, `$1, '${vendor}']`, `'${vendor}'`)
    await this.insert(REGISTRY, /(const drivers: .* = \{\n(?:.*\n)*?)\}/, `$1${line}}`, line)
  }
}
