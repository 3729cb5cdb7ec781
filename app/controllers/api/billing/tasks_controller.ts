import type { HttpContext } from '@adonisjs/core/http'
import { BilledInstance } from '#models/billed_instance'
import { listOperations } from '#models/operation_list'
import { envelope } from '#transformers/api/billing/envelope'
import { billedTask, billedTaskRow } from '#transformers/api/billing/task'
import { operationTitle } from '#transformers/operation'
import { billedTaskId, billedTaskList } from '#validators/api_billing'

/** What was done to a container, and how that stands which was answered with 202. */
export default class TasksController {
  async index({ billingKey, organization, request, i18n }: HttpContext) {
    const { reference, limit } = await billedTaskList(request)
    const instance = await BilledInstance.of(billingKey!, reference)
    const { rows } = await listOperations(organization, {
      state: null,
      type: null,
      instance: instance.uid,
      organization: null,
      size: limit,
      cursor: { after: null, before: null },
    })
    const lines = rows.map((row) => {
      const { key, values } = operationTitle(row, reference)
      return billedTaskRow(row, i18n.t(key, values), told(i18n, row.error_kind))
    })
    return envelope(i18n.t('billing.read'), lines)
  }

  async show({ billingKey, request, i18n }: HttpContext) {
    const operation = await BilledInstance.task(billingKey!, await billedTaskId(request))
    const data = billedTask(operation, told(i18n, operation.errorKind))
    return envelope(i18n.t('billing.read'), data)
  }
}

function told(i18n: HttpContext['i18n'], kind: string | null): string | null {
  return kind && i18n.t(`operations.error.${kind}`)
}
