import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'

router
  .group(() => {})
  .prefix('/o/:organization')
  .use([middleware.auth(), middleware.organization()])
