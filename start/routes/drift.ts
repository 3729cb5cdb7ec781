import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** Where clusters are not as they should be, and what is done about it. */
router
  .group(() => {
    router.resource('drift', controllers.admin.DriftFindings).only(['index', 'show'])
    router
      .group(() => {
        router.post('adoption', [controllers.admin.driftFindings.Adoptions, 'store'])
        router.post('repair', [controllers.admin.driftFindings.Repairs, 'store'])
        router.post('forgetting', [controllers.admin.driftFindings.Forgettings, 'store'])
        router.delete('forgetting', [controllers.admin.driftFindings.Forgettings, 'destroy'])
        router
          .group(() => {
            router.post('recreation', [controllers.admin.driftFindings.Recreations, 'store'])
            router.delete('instance', [controllers.admin.driftFindings.Removals, 'destroy'])
          })
          .use(middleware.confirmed())
      })
      .prefix('drift/:finding_id')
      .as('drift')
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])
