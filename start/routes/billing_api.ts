/*
| The billing API, in the words of the plugins that exist: see docs/guides/billing.md. Some deeds are done by GET,
| because that is how those plugins call them; a key opens them, a cookie never does.
*/
import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

const { Checks, Instances, Passwords, PowerStates, Suspensions } = controllers.api.billing

router
  .group(() => {
    router.get('check', [Checks, 'show']).as('check')

    router.get('list', [Instances, 'index']).as('list')
    router.get('getinfo', [Instances, 'show']).as('getinfo')
    router.get('info', [Instances, 'show']).as('info')
    router.get('status', [Instances, 'show']).as('status')
    router.post('create', [Instances, 'store']).as('create')
    router.get('delete', [Instances, 'destroy']).as('delete')

    router.get('boot', [PowerStates, 'start']).as('boot')
    router.get('stop', [PowerStates, 'stop']).as('stop')
    router.get('reboot', [PowerStates, 'restart']).as('reboot')

    router.get('suspend', [Suspensions, 'store']).as('suspend')
    router.get('unsuspend', [Suspensions, 'destroy']).as('unsuspend')
    router.post('password', [Passwords, 'store']).as('password')
  })
  .prefix('/api')
  .as('billing')
  .use(middleware.billingKey())
