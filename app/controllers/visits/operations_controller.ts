import type { HttpContext } from '@adonisjs/core/http'
import OperationPolicy from '#policies/operation_policy'
import { recentEvents } from '#services/progress'
import { operationPage } from '#transformers/operation_page'

/** What is done with the visited instance. */
export default class OperationsController {
  async show({ visit, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(OperationPolicy).authorize('view', membership)
    const operation = await visit!.operation(params.id)
    await operation.loadForPage()
    return view.render('pages/visits/operation', {
      operation: operationPage(operation, await recentEvents(operation.uid), null, {
        home,
        listPath: `${home}/instances/${visit!.instance.uid}/history`,
        mayCancel: false,
        mayRetry: false,
      }),
    })
  }
}
