/*
| The billing API, in the words of the plugins that exist: see docs/guides/billing.md. Some deeds are done by GET,
| because that is how those plugins call them; a key opens them, a cookie never does.
*/
import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

const {
  Addresses,
  Checks,
  Consoles,
  ClusterTasks,
  Details,
  Instances,
  Passwords,
  PortChecks,
  PortForwards,
  PowerStates,
  Proxies,
  Reinstallations,
  Resizes,
  Snapshots,
  Suspensions,
  Tasks,
  Traffic,
  Usage,
  Visits,
} = controllers.api.billing

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
    router.post('reinstall', [Reinstallations, 'store']).as('reinstall')

    router.get('natlist', [PortForwards, 'index']).as('natlist')
    router.post('addport', [PortForwards, 'store']).as('addport')
    router.post('delport', [PortForwards, 'destroy']).as('delport')
    router.get('nat/check', [PortChecks, 'show']).as('nat.check')

    router.get('traffic', [Traffic, 'show']).as('traffic')
    router.post('traffic/reset', [Traffic, 'reset']).as('traffic.reset')
    router.get('usage', [Usage, 'show']).as('usage')

    router.post('console/create-token', [Consoles, 'store']).as('console.create_token')

    router.get('task/list', [Tasks, 'index']).as('task.list')
    router.get('cluster_tasks', [ClusterTasks, 'index']).as('cluster_tasks')
    router.get('task_status', [Tasks, 'show']).as('task_status')

    router.get('ipv4/list', [Addresses, 'ipv4']).as('ipv4.list')
    router.get('ipv6/list', [Addresses, 'ipv6']).as('ipv6.list')
    // The second generation reads the list by POST as well.
    router.get('proxy/list', [Proxies, 'index']).as('proxy.list')
    router.post('proxy/list', [Proxies, 'index']).as('proxy.lists')
    router.get('proxy/check', [Proxies, 'show']).as('proxy.check')
    for (const noun of ['ipv4', 'ipv6', 'proxy']) {
      router.post(`${noun}/add`, [Proxies, 'store']).as(`${noun}.add`)
      router.post(`${noun}/delete`, [Proxies, 'store']).as(`${noun}.delete`)
    }
  })
  .prefix('/api')
  .as('billing')
  .use(middleware.billingKey())

/* What Portico's own plugin asks beside: docs/guides/billing-plugin.md. */
router
  .group(() => {
    router.get('details', [Details, 'show']).as('details')
    router.get('forcestop', [PowerStates, 'forceStop']).as('forcestop')
    router.post('sso', [Visits, 'store']).as('sso')
    router.post('resize', [Resizes, 'store']).as('resize')
    router.get('snapshots', [Snapshots, 'index']).as('snapshots')
    router.post('snapshots', [Snapshots, 'store']).as('snapshots.take')
    router.post('snapshots/restore', [Snapshots, 'restore']).as('snapshots.restore')
    router.post('snapshots/delete', [Snapshots, 'destroy']).as('snapshots.delete')
  })
  .prefix('/api')
  .as('billing')
  .use(middleware.billingKey())
