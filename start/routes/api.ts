import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttleApi, throttlePublic, throttleRegistration } from '#start/limiter'

const { Instances, Offers, Operations, PowerStates, Quotas } = controllers.api.v1

router
  .group(() => {
    router.get('/me', [controllers.api.Me, 'show']).use(middleware.scope('read'))

    router
      .group(() => {
        router
          .group(() => {
            router.get('images', [Offers, 'images']).as('images')
            router.get('plans', [Offers, 'plans']).as('plans')
            router.get('quotas', [Quotas, 'index'])
            router.get('instances', [Instances, 'index'])
            router.get('instances/:id', [Instances, 'show'])
            router.get('operations', [Operations, 'index'])
            router.get('operations/:id', [Operations, 'show'])
          })
          .use(middleware.scope('read'))
        router
          .group(() => {
            router.post('instances', [Instances, 'store'])
            router.delete('instances/:id', [Instances, 'destroy'])
          })
          .use(middleware.scope('instances'))
        router
          .post('instances/:instance_id/power_state', [PowerStates, 'store'])
          .use(middleware.scope('power'))
      })
      .prefix('/organizations/:organization')
      .use([middleware.organization(), middleware.idempotency()])
  })
  .prefix('/api/v1')
  .as('api.v1')
  .use([throttleApi, middleware.apiToken()])

/* What there is, for people and for tools. */
router.get('/api/docs', [controllers.api.Documents, 'show']).as('api.docs')
router.get('/api/docs/openapi.json', [controllers.api.Documents, 'openapi']).as('api.docs.openapi')

/* As the page with cloud servers calls it: names and answers are its own, see docs/guides/api.md. */
router
  .group(() => {
    router
      .post('/register', [controllers.api.auth.Registrations, 'store'])
      .use([throttlePublic, throttleRegistration])
    router.post('/login', [controllers.api.auth.Logins, 'store']).use(throttlePublic)
  })
  .prefix('/api/auth')
  .as('api.auth')
router
  .group(() => {
    router.get('/servers', [controllers.api.os.Servers, 'index']).use(middleware.scope('read'))
    router
      .post('/servers/:id/action', [controllers.api.os.Actions, 'store'])
      .use(middleware.scope('instances'))
  })
  .prefix('/api/os')
  .as('api.os')
  .use([throttleApi, middleware.apiToken({ logins: true })])
