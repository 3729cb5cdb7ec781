import type { HttpContext } from '@adonisjs/core/http'
import { timeZoneOf } from '#controllers/asker'
import Instance from '#models/instance'
import { joinedHistory } from '#models/joined_history'
import InstancePolicy from '#policies/instance_policy'
import StaffPolicy from '#policies/staff_policy'
import { formatsFor } from '#start/view/formats'
import { instanceFrame } from '#transformers/instance_frame'
import { trafficMeter, usageCharts, usagePage, zoneMinutes } from '#transformers/usage'
import { usageRequest } from '#validators/usage'

/** What an instance has used, from the last hour to the last year. */
export default class UsageController {
  async show(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, view } = ctx
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const frame = instanceFrame(instance, { membership, home }, 'usage')
    const { range, asTable } = usageRequest(request.qs())
    const history = await historyFor(ctx, instance, range)
    return view.render('pages/instances/usage/show', {
      frame,
      asTable,
      usage: usagePage(history, instance.size, `${frame.path}/usage`, readerOf(ctx)),
      traffic: trafficMeter(instance),
      mayReset: frame.isStaff && (await bouncer.with(StaffPolicy).allows('act')),
    })
  }

  /** The same charts, for a page that is open. */
  async points(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer } = ctx
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    await instance.load('cluster')
    const history = await historyFor(ctx, instance, usageRequest(request.qs()).range)
    return { charts: usageCharts(history, instance.size, readerOf(ctx)) }
  }
}

function historyFor(
  ctx: HttpContext,
  instance: Instance,
  range: ReturnType<typeof usageRequest>['range']
) {
  return joinedHistory(instance, range, { zoneMinutes: zoneMinutes(timeZoneOf(ctx)) })
}

function readerOf(ctx: HttpContext) {
  return { i18n: ctx.i18n, formats: formatsFor(ctx.i18n.locale, timeZoneOf(ctx)) }
}
