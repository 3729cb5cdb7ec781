/* Not a command itself: ace passes over files that begin with an underscore. */
import { readFile, writeFile } from 'node:fs/promises'
import { BaseCommand } from '@adonisjs/core/ace'

/** What makes files from stubs and puts lines where they belong. Safe to run again: what is there stays. */
export abstract class Maker extends BaseCommand {
  protected async makeFile(stub: string, state: Record<string, string>): Promise<void> {
    const codemods = await this.createCodemods()
    const stubs = this.app.makePath('commands/stubs')
    const { destination } = await codemods.makeUsingStub(stubs, `${stub}.stub`, state)
    await formatFile(destination)
  }

  /** `known`: what is found there once it has been put in. */
  protected async insert(
    file: string,
    place: RegExp,
    replacement: string,
    known: string | RegExp
  ): Promise<void> {
    const path = this.app.makePath(file)
    const source = await readFile(path, 'utf8')
    const action = this.logger.action(`update ${file}`)
    if (typeof known === 'string' ? source.includes(known) : known.test(source)) {
      return action.skipped('it is there')
    }
    if (!place.test(source)) {
      this.exitCode = 1
      return action.failed(new Error('its place was not found'))
    }
    await writeFile(path, source.replace(place, replacement))
    await formatFile(path)
    action.succeeded()
  }
}

/** A name is longer or shorter than a stub's author could know. */
async function formatFile(path: string): Promise<void> {
  const { format, resolveConfig } = await import('prettier')
  const source = await readFile(path, 'utf8')
  await writeFile(path, await format(source, { ...(await resolveConfig(path)), filepath: path }))
}
