import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import { listOperations } from '#models/operation_list'
import StaffPolicy from '#policies/staff_policy'
import { recentEvents } from '#services/progress'
import { operationListPage } from '#transformers/operation_list'
import { operationPage, operationForStaff } from '#transformers/operation_page'
import { operationListRequest } from '#validators/operation_list'

export default class OperationsController {
  async index({ request, bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const asked = operationListRequest(request.qs())
    const page = await listOperations(null, asked)
    return view.render('pages/admin/operations/index', {
      list: operationListPage('/admin', page, asked),
    })
  }

  async show({ params, bouncer, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const operation = await Operation.findByOrFail('uid', params.id)
    await operation.loadForPage()
    const mayAct = await policy.allows('act')
    return view.render('pages/admin/operations/show', {
      operation: operationPage(
        operation,
        await recentEvents(operation.uid),
        await operation.retriedAs(),
        { home: '/admin', mayCancel: mayAct, mayRetry: mayAct }
      ),
      staff: operationForStaff(operation, mayAct),
    })
  }
}
