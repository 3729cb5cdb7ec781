import { setFlagsFromString } from 'node:v8'
import { BaseCommand } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { startWorkers, type Workers } from '#start/workers'

export default class Worker extends BaseCommand {
  static override commandName = 'worker'
  static override description = 'Run operations and recurring work until told to stop'
  static override options: CommandOptions = { startApp: true, staysAlive: true }

  private workers: Workers | null = null

  override prepare() {
    this.app.listen('SIGTERM', () => this.terminate())
    this.app.listenIf(!this.app.managedByPm2, 'SIGINT', () => this.terminate())
    // Steps that run are told to stop at a safe point; their operations go on in another worker.
    this.app.terminating(() => this.workers?.stop())
  }

  override async run() {
    // Below what start/memory leaves to a process that answers people: who waits for clusters may collect more often.
    setFlagsFromString('--heap-growing-percent=10')
    this.workers = await startWorkers()
    this.logger.success(`worker ${process.pid} is running`)
  }
}
