import { readFile, writeFile } from 'node:fs/promises'
import { args, BaseCommand } from '@adonisjs/core/ace'

const CONTRACT = 'app/drivers/contract.ts'
const REGISTRY = 'app/drivers/registry.ts'

/** A vendor's folder, its two lines in the contract and the registry, and the spec it has to pass. */
export default class MakeDriver extends BaseCommand {
  static override commandName = 'make:driver'
  static override description = 'Create a driver for another kind of cluster'

  @args.string({ description: 'The vendor, in lower case: hetzner' })
  declare vendor: string

  override async run() {
    if (!/^[a-z][a-z0-9]{1,15}$/.test(this.vendor)) {
      this.logger.error('a vendor has 2 to 16 lower-case letters and digits, a letter first')
      this.exitCode = 1
      return
    }
    const codemods = await this.createCodemods()
    for (const stub of ['driver', 'client', 'instances', 'spec']) {
      const { destination } = await codemods.makeUsingStub(
        this.app.makePath('commands/stubs'),
        `driver/${stub}.stub`,
        {
          vendor: this.vendor,
          name: this.vendor[0].toUpperCase() + this.vendor.slice(1),
        }
      )
      await formatFile(destination)
    }
    const { vendor } = this
    await this.insert(CONTRACT, /(DRIVER_NAMES = \[[^\]]*)\]/, `$1, '${vendor}']`, `'${vendor}'`)
    const line = `  ${vendor}: () => import('#drivers/${vendor}/driver'),\n`
    await this.insert(REGISTRY, /(const drivers: .* = \{\n(?:.*\n)*?)\}/, `$1${line}}`, line)
  }

  /** Once: a second run finds its line. */
  private async insert(file: string, place: RegExp, replacement: string, line: string) {
    const path = this.app.makePath(file)
    const source = await readFile(path, 'utf8')
    const action = this.logger.action(`update ${file}`)
    if (source.includes(line)) return action.skipped('it is there')
    if (!place.test(source)) return action.failed(new Error('its place was not found'))
    await writeFile(path, source.replace(place, replacement))
    action.succeeded()
  }
}

/** A vendor's name is longer or shorter than the stub's author could know. */
async function formatFile(path: string): Promise<void> {
  const { format, resolveConfig } = await import('prettier')
  const source = await readFile(path, 'utf8')
  await writeFile(path, await format(source, { ...(await resolveConfig(path)), filepath: path }))
}
