import type { HttpContext } from '@adonisjs/core/http'
import { QueueUnavailable } from '#exceptions/domain_error'
import StaffPolicy from '#policies/staff_policy'
import { jobsIn, queueOverview, removeJob } from '#services/queue_overview'
import { jobsPage } from '#transformers/jobs'
import { jobListRequest, queueOf } from '#validators/job'

/** The queues, by BullMQ's own calls. */
export default class JobsController {
  async index({ request, bouncer, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const asked = jobListRequest(request.qs())
    const found = await Promise.all([queueOverview(), jobsIn(asked.queue, asked.state)]).catch(
      (error) => {
        // The page says so itself: it is where one looks when something is wrong with the queue.
        if (error instanceof QueueUnavailable) return null
        throw error
      }
    )
    return view.render('pages/admin/jobs/index', {
      page: found && jobsPage(found[0], found[1], asked),
      mayAct: await policy.allows('act'),
    })
  }

  async destroy({ params, bouncer, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const queue = queueOf(params.queue)
    await removeJob(queue, String(params.id))
    session.flash('notice', { kind: 'success', message: i18n.t('jobs.removed') })
    return response.redirect().toPath(`/admin/jobs?queue=${queue}`)
  }
}
