import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'

router
  .group(() => {})
  .prefix('/admin')
  .use([middleware.auth(), middleware.staff()])
