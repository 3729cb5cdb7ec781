/*
|--------------------------------------------------------------------------
| The addresses of the old licence manager
|--------------------------------------------------------------------------
|
| With their old names and answers, for programs in the field. A session needs the CSRF token of its forms; a program
| shows a token instead: of its licence, or of its owner. Nothing is changed by looking.
|
*/
import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { CLASSIC_PREFIX } from '#exceptions/classic_refusal'
import { middleware } from '#start/kernel'
import { throttleApi } from '#start/limiter'

const { classic } = controllers.licensing

router
  .group(() => {
    router.get('users', [classic.Users, 'index']).use(middleware.classicCaller())
    router.get('instances', [classic.Instances, 'index']).use(middleware.classicCaller())

    router
      .group(() => {
        router.post('create_user', [classic.Users, 'store'])
        router.route('update_user', ['PUT', 'POST'], [classic.Users, 'update'])
        router.route('update_user_status', ['PUT', 'POST'], [classic.UserStatuses, 'update'])
        router.delete('delete_users', [classic.Users, 'destroy'])
        router.delete('delete_instances', [classic.Instances, 'destroy'])
      })
      .use([middleware.classicCaller({ staff: true }), middleware.confirmed()])
    router
      .group(() => {
        router.post('add_instance', [classic.Instances, 'store'])
        router.put('update_instance', [classic.Instances, 'update'])
      })
      .use(middleware.classicCaller({ staff: true }))

    router
      .group(() => {
        router.post('upload_hostinfo', [classic.HostInfos, 'store'])
        router.post('download_license', [classic.Documents, 'store'])
      })
      .use(middleware.classicCaller({ installations: true }))
    router
      .get('static/license/:file', [classic.Documents, 'show'])
      .as('file')
      .use(middleware.classicCaller({ installations: true, links: true }))
  })
  .prefix(CLASSIC_PREFIX)
  .as('classic_licensing')
  .use(throttleApi)
