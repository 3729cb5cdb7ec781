import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import i18nManager from '@adonisjs/i18n/services/main'
import logger from '@adonisjs/core/services/logger'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import Cluster from '#models/cluster'
import DoctorCheck from '#models/doctor_check'
import { Examination } from '#models/examination'
import { Tenant } from '#models/concerns/tenant'
import { checkItem, doctorSummary } from '#transformers/doctor'

export default class ClusterDoctor extends BaseCommand {
  static override commandName = 'cluster:doctor'
  static override description = 'Examine a cluster and tell what is wrong and what to do'
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'Name of the cluster' })
  declare name: string

  @flags.boolean({ description: 'Print the result as one line of JSON' })
  declare json: boolean

  @flags.string({ description: 'Language of the words', default: 'en' })
  declare locale: string

  override async run() {
    // Whoever reads the one line wants no other.
    if (this.json) logger.level = 'silent'
    const cluster = await Cluster.findBy('liveName', this.name)
    if (!cluster) {
      this.logger.error(`there is no cluster called ${this.name}`)
      this.exitCode = 1
      return
    }
    await Tenant.system('examine a cluster', () => new Examination(cluster).run())
    const checks = await DoctorCheck.ofCluster(cluster)
    const summary = doctorSummary(cluster, checks)
    if (summary.state === 'fail') this.exitCode = 1
    if (this.json) this.logger.log(JSON.stringify(summary))
    else this.tell(checks.map((check) => checkItem(check, cluster.driver)))
  }

  private tell(checks: ReturnType<typeof checkItem>[]) {
    const i18n = i18nManager.locale(this.locale)
    for (const { name, place, state, saying, measured, remedy } of checks) {
      const where = place ? ` (${place})` : ''
      const line = `${i18n.t(`doctor.checks.${name}`)}${where}: ${i18n.t(`doctor.said.${saying}`, measured)}`
      if (state === 'ok') this.logger.success(line)
      else if (state === 'fail') this.logger.error(line)
      else this.logger.warning(line)
      if (remedy) this.logger.log(`    ${i18n.t(remedy)}`)
    }
  }
}
