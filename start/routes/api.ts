import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttleApi } from '#start/limiter'

router
  .group(() => {
    router.get('/me', [controllers.api.Me, 'show'])
  })
  .prefix('/api/v1')
  .as('api.v1')
  .use([throttleApi, middleware.apiToken()])
