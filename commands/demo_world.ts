import { readFile, writeFile } from 'node:fs/promises'
import { BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import type { Account } from '#database/demo/accounts'
import { readLxdSettings } from '#database/demo/clusters'
import { makeDemoWorld } from '#database/demo/world'
import { closeQueues } from '#services/queue'

export default class DemoWorld extends BaseCommand {
  static override commandName = 'demo:world'
  static override description = 'Fill an empty database with a small believable world'
  static override help = [
    'Safe to run again: it fills in what is missing. With {{ binaryName }} demo:world --lxd=FILE it adds a real',
    'LXD by the settings in FILE, as tests/labs/lxd/lxd-up writes them; otherwise a fake cluster.',
  ]
  static override options: CommandOptions = { startApp: true }

  @flags.string({ description: 'lxd or fake; without it, lxd when --lxd is given' })
  declare cluster?: string

  @flags.string({ description: 'File of settings by which to reach a real LXD' })
  declare lxd?: string

  @flags.string({ description: 'File that keeps the accounts and their passwords' })
  declare accounts?: string

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override prepare() {
    // The history went through the queue, whose connection would keep this process alive.
    this.app.terminating(() => closeQueues())
  }

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const wanted = this.cluster ?? (this.lxd ? 'lxd' : 'fake')
    if (wanted !== 'fake' && !(wanted === 'lxd' && this.lxd)) {
      this.logger.error('--cluster is fake, or lxd together with --lxd=FILE')
      this.exitCode = 1
      return
    }
    const world = await makeDemoWorld({
      lxd: wanted === 'lxd' ? await readLxdSettings(this.lxd!) : null,
      folder: this.app.tmpPath('clusters'),
      known: await this.knownAccounts(),
    })
    const table = tableOf(world.accounts)
    if (this.accounts) await writeFile(this.accounts, `${table}\n`, { mode: 0o600 })
    this.logger.log(this.json ? JSON.stringify(world) : table)
  }

  /** What an earlier run told stays true. */
  private async knownAccounts(): Promise<Account[]> {
    if (!this.accounts) return []
    const text = await readFile(this.accounts, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    return text.split('\n').flatMap((line) => {
      const [email, password, ...role] = line.trim().split(/\s+/)
      return email && password ? [{ email, password, role: role.join(' ') }] : []
    })
  }
}

function tableOf(accounts: Account[]): string {
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return accounts
    .map(({ email, password, role }) => `${email.padEnd(width)}  ${password}  ${role}`)
    .join('\n')
}
