import type { HttpContext } from '@adonisjs/core/http'
import StaffPolicy from '#policies/staff_policy'
import { retryJob } from '#services/queue_overview'
import { queueOf } from '#validators/job'

export default class RetriesController {
  async store({ params, bouncer, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const queue = queueOf(params.queue)
    await retryJob(queue, String(params.id))
    session.flash('notice', { kind: 'success', message: i18n.t('jobs.retried') })
    return response.redirect().toPath(`/admin/jobs?queue=${queue}`)
  }
}
