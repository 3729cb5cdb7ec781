import type { HttpContext } from '@adonisjs/core/http'
import { listOperations } from '#models/operation_list'
import Operation from '#models/operation'
import OperationPolicy from '#policies/operation_policy'
import { recentEvents } from '#services/progress'
import { operationListPage } from '#transformers/operation_list'
import { operationPage } from '#transformers/operation_page'
import { operationListRequest } from '#validators/operation_list'

export default class OperationsController {
  async index({ organization, membership, request, bouncer, view }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const asked = operationListRequest(request.qs())
    const page = await listOperations(organization, asked)
    return view.render('pages/operations/index', {
      list: operationListPage(`/o/${organization.slug}`, page, asked),
    })
  }

  async show({ organization, membership, params, bouncer, view }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const operation = await Operation.of(organization, params.id)
    await operation.loadForPage()
    return view.render('pages/operations/show', {
      operation: operationPage(
        operation,
        await recentEvents(operation.uid),
        await operation.retriedAs(),
        {
          home: `/o/${organization.slug}`,
          mayCancel: await bouncer.with(OperationPolicy).allows('cancel', membership),
          mayRetry: await bouncer.with(OperationPolicy).allows('retry', membership),
        }
      ),
    })
  }
}
