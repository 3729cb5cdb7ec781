import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import Plan from '#models/plan'
import StaffPolicy from '#policies/staff_policy'
import { ListLinks } from '#transformers/list_links'
import { planRow } from '#transformers/plan'
import { confirmationValidator } from '#validators/confirmation'
import { searchOf } from '#validators/list'
import { planValidator } from '#validators/plan'

export default class PlansController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const plans = await Plan.list(searchOf(request.qs()).cursor)
    const instances = await Plan.countInstances()
    return view.render('pages/admin/plans/index', {
      plans: plans.rows.map((plan) => planRow(plan, instances.get(plan.id))),
      page: new ListLinks('/admin/plans').around(plans),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/plans/create', { clusters: await clusterChoices() })
  }

  async store({ bouncer, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const { clusters: uids, ...facts } = await request.validateUsing(planValidator, {
      meta: { planId: 0 },
    })
    const plan = await Plan.add(facts, await Cluster.present().whereIn('uid', uids ?? []))
    const message = i18n.t('plans.added', { name: plan.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/plans')
  }

  async edit({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const plan = await planAs(params.id)
    const instances = await Plan.countInstances()
    return view.render('pages/admin/plans/edit', {
      plan: planRow(plan, instances.get(plan.id)),
      clusters: await clusterChoices(),
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const plan = await planAs(params.id)
    const { clusters: uids, ...facts } = await request.validateUsing(planValidator, {
      meta: { planId: plan.id },
    })
    await plan.change(facts, await Cluster.present().whereIn('uid', uids ?? []))
    session.flash('notice', { kind: 'success', message: i18n.t('plans.saved') })
    return response.redirect().toPath('/admin/plans')
  }

  async destroy({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const plan = await planAs(params.id)
    await request.validateUsing(confirmationValidator, { meta: { name: plan.name } })
    await plan.remove()
    const message = i18n.t('plans.deleted', { name: plan.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/admin/plans')
  }
}

const planAs = (uid: string) => Plan.query().where('uid', uid).preload('clusters').firstOrFail()

async function clusterChoices() {
  const clusters = await Cluster.present().orderBy('name')
  return clusters.map(({ uid, name, isOpen }) => ({ uid, name, isOpen }))
}
