import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** What runs, for all organizations, and the queues it goes through. */
router
  .group(() => {
    router.get('events', [controllers.admin.Events, 'index'])
    router.get('exports/:list', [controllers.admin.Exports, 'show']).as('exports')
    router.resource('instances', controllers.admin.Instances).only(['index'])

    router.resource('operations', controllers.admin.Operations).only(['index', 'show'])
    router
      .get('operations/:operation_id/events', [controllers.admin.operations.Events, 'index'])
      .as('operations.events')
    router.post('operations/:operation_id/cancellation', [
      controllers.admin.operations.Cancellations,
      'store',
    ])
    router
      .post('operations/:operation_id/retry', [controllers.admin.operations.Retries, 'store'])
      .as('operations.retry')
    router.post('operations/:operation_id/resumption', [
      controllers.admin.operations.Resumptions,
      'store',
    ])
    router.post('operations/:operation_id/abandonment', [
      controllers.admin.operations.Abandonments,
      'store',
    ])

    router.get('jobs', [controllers.admin.Jobs, 'index'])
    router.delete('jobs/:queue/:id', [controllers.admin.Jobs, 'destroy'])
    router.post('jobs/:queue/:id/retry', [controllers.admin.jobs.Retries, 'store']).as('jobs.retry')
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])
