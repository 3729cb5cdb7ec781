import type { HttpContext } from '@adonisjs/core/http'
import Operation from '#models/operation'
import { listOperations } from '#models/operation_list'
import OperationPolicy from '#policies/operation_policy'
import { apiOperation, apiOperationRow } from '#transformers/api/v1/operation'
import { apiPage } from '#transformers/api/v1/page'
import { operationListRequest } from '#validators/operation_list'

export default class OperationsController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const page = await listOperations(organization, operationListRequest(request.qs()))
    return apiPage(page, apiOperationRow)
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const operation = await Operation.of(organization, params.id)
    await operation.load('instance')
    return { data: apiOperation(operation) }
  }
}
