import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import { ConsoleAccounts } from '#models/console_accounts'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath } from '#transformers/cluster'

/** Whether each instance of a cluster has an account there for its consoles, or Portico opens them as itself. */
export default class ConsoleAccountsController {
  async show({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    return view.render('pages/admin/clusters/console_accounts', { cluster: clusterPage(cluster) })
  }

  async update({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    await new ConsoleAccounts(cluster).switchOn()
    session.flash('notice', { kind: 'success', message: i18n.t('clusters.console_accounts.on') })
    return response.redirect().toPath(clusterPath(cluster, 'console-accounts'))
  }

  async destroy({ bouncer, params, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    await new ConsoleAccounts(cluster).switchOff()
    session.flash('notice', { kind: 'success', message: i18n.t('clusters.console_accounts.off') })
    return response.redirect().toPath(clusterPath(cluster, 'console-accounts'))
  }
}
