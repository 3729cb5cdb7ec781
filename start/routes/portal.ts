import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'

router.get('/', ({ auth }) => (auth.user ? 'signed in' : 'signed out')).as('home')

router
  .group(() => {})
  .prefix('/o/:organization')
  .use([middleware.auth(), middleware.organization()])
