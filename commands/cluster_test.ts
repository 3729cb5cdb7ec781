import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import Cluster from '#models/cluster'
import { clusterSummary } from '#transformers/cluster'

export default class ClusterTest extends BaseCommand {
  static override commandName = 'cluster:test'
  static override description = 'Ask a cluster who it is and tell what is wrong with the connection'
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'Name of the cluster' })
  declare name: string

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const cluster = await Cluster.findBy('liveName', this.name)
    if (!cluster) {
      this.logger.error(`there is no cluster called ${this.name}`)
      this.exitCode = 1
      return
    }
    const diagnosis = await cluster.test()
    const isAnswered = cluster.status === 'online'
    await cluster.record('cluster.tested', isAnswered ? 'succeeded' : 'failed')
    if (!isAnswered) this.exitCode = 1
    if (this.json) {
      this.logger.log(JSON.stringify({ ...clusterSummary(cluster), diagnosis }))
    } else if (isAnswered) {
      const { product, version, clockSkewMs } = cluster.facts!
      const skew = clockSkewMs ? `; its clock is off by ${clockSkewMs} ms` : ''
      this.logger.success(`${cluster.name} answers: ${product} ${version}${skew}`)
    } else {
      this.logger.error(`${diagnosis}: ${cluster.error}`)
    }
  }
}
