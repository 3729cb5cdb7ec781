import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import Cluster from '#models/cluster'

export default class ClusterSync extends BaseCommand {
  static override commandName = 'cluster:sync'
  static override description =
    'Read a cluster, or all of them, and store what they say of themselves'
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'Name of the cluster; without it, all', required: false })
  declare name?: string

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const wanted = Cluster.present().orderBy('name')
    const clusters = await (this.name ? wanted.where('live_name', this.name) : wanted)
    if (this.name && clusters.length === 0) {
      this.logger.error(`there is no cluster called ${this.name}`)
      this.exitCode = 1
      return
    }
    const results = []
    for (const cluster of clusters.filter(({ isReady }) => isReady)) {
      results.push({ name: cluster.name, ...(await cluster.sync()) })
    }
    if (results.some(({ outcome }) => outcome === 'failed')) this.exitCode = 1
    if (this.json) {
      this.logger.log(JSON.stringify(results))
      return
    }
    for (const result of results) {
      if (result.outcome === 'failed') {
        this.logger.error(`${result.name}: ${result.errorKind}: ${result.error}`)
      } else if (result.outcome === 'skipped') {
        this.logger.info(`${result.name}: another sync is running`)
      } else {
        this.logger.success(`${result.name}: synced, ${result.changedInstances} instances changed`)
      }
    }
  }
}
