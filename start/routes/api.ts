import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttleApi } from '#start/limiter'

const { Instances, Offers, Operations, PowerStates, Quotas } = controllers.api.v1

router
  .group(() => {
    router.get('/me', [controllers.api.Me, 'show'])

    router
      .group(() => {
        router.get('images', [Offers, 'images']).as('images')
        router.get('plans', [Offers, 'plans']).as('plans')
        router.get('quotas', [Quotas, 'index'])
        router.get('instances', [Instances, 'index'])
        router.post('instances', [Instances, 'store'])
        router.get('instances/:id', [Instances, 'show'])
        router.delete('instances/:id', [Instances, 'destroy'])
        router.post('instances/:instance_id/power_state', [PowerStates, 'store'])
        router.get('operations', [Operations, 'index'])
        router.get('operations/:id', [Operations, 'show'])
      })
      .prefix('/organizations/:organization')
      .use([middleware.organization(), middleware.idempotency()])
  })
  .prefix('/api/v1')
  .as('api.v1')
  .use([throttleApi, middleware.apiToken()])
