import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import { listItems } from '#models/batch_list'
import BatchPolicy from '#policies/batch_policy'
import { apiBatchItem } from '#transformers/api/v1/batch'
import { apiPage } from '#transformers/api/v1/page'
import { batchItemsRequest } from '#validators/batch'

/** What became of each instance of a batch. */
export default class ItemsController {
  async index({ organization, membership, params, request, bouncer, i18n }: HttpContext) {
    await bouncer.with(BatchPolicy).authorize('view', membership)
    const batch = await Batch.of(organization, params.batch_id)
    const page = await listItems(batch, batchItemsRequest(request.qs()))
    return apiPage(page, (row) => apiBatchItem(row, i18n))
  }
}
