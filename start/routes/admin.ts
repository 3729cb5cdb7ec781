import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

router
  .group(() => {
    router.get('search', [controllers.admin.Searches, 'show'])
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])
