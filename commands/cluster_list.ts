import { BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import Cluster from '#models/cluster'
import { clusterSummary } from '#transformers/cluster'

export default class ClusterList extends BaseCommand {
  static override commandName = 'cluster:list'
  static override description = 'List the clusters and how they are'
  static override options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const clusters = await Cluster.present().orderBy('name')
    const rows = clusters.map(clusterSummary)
    if (this.json) {
      this.logger.log(JSON.stringify(rows))
      return
    }
    const table = this.ui.table().head(['name', 'driver', 'endpoint', 'status', 'synced', 'error'])
    for (const { name, driver, endpoint, status, syncedAt, error } of rows) {
      table.row([name, driver, endpoint, status, syncedAt ?? 'never', error ?? ''])
    }
    table.render()
  }
}
