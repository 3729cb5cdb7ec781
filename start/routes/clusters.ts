import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** What Portico is run on: clusters, what is in them, what is offered from them. */
router
  .group(() => {
    router.get('/', [controllers.admin.Dashboard, 'show'])

    router.resource('clusters', controllers.admin.Clusters).except(['update', 'destroy'])
    router.put('clusters/:id', [controllers.admin.Clusters, 'update'])
    router
      .group(() => {
        router.get('certificate', [controllers.admin.clusters.Certificates, 'show'])
        router.post('tests', [controllers.admin.clusters.ConnectionTests, 'store'])
        router.get('placement', [controllers.admin.clusters.Placements, 'edit'])
        router.put('placement', [controllers.admin.clusters.Placements, 'update'])
        router.post('closure', [controllers.admin.clusters.Closures, 'store'])
        router.delete('closure', [controllers.admin.clusters.Closures, 'destroy'])
        router.put('network_purposes', [controllers.admin.clusters.NetworkPurposes, 'update'])
        router.post('syncs', [controllers.admin.clusters.Syncs, 'store'])
        router.get('nodes', [controllers.admin.Nodes, 'index'])
        router.get('usage', [controllers.admin.clusters.Usage, 'show'])
        router.get('usage/points', [controllers.admin.clusters.Usage, 'points'])
        router.get('drift', [controllers.admin.clusters.DriftRounds, 'show'])
        router.post('drift', [controllers.admin.clusters.DriftRounds, 'store'])
        router.get('move-in', [controllers.admin.clusters.MoveIns, 'show'])
        router.post('move-in', [controllers.admin.clusters.MoveIns, 'store'])
        router.get('doctor', [controllers.admin.clusters.Examinations, 'show'])
        router.post('doctor', [controllers.admin.clusters.Examinations, 'store'])
      })
      .prefix('clusters/:cluster_id')
      .as('clusters')
    router
      .group(() => {
        router.post('closure', [controllers.admin.nodes.Closures, 'store'])
        router.delete('closure', [controllers.admin.nodes.Closures, 'destroy'])
      })
      .prefix('nodes/:node_id')
      .as('nodes')

    router.get('images', [controllers.admin.Images, 'index'])
    router.put('images/:id', [controllers.admin.Images, 'update'])
    router.post('images/:image_id/offer', [controllers.admin.images.Offers, 'store'])
    router.delete('images/:image_id/offer', [controllers.admin.images.Offers, 'destroy'])

    router.resource('plans', controllers.admin.Plans).only(['index', 'create', 'store', 'edit'])
    router.put('plans/:id', [controllers.admin.Plans, 'update'])
    router.post('plans/:plan_id/archive', [controllers.admin.plans.Archives, 'store'])
    router.delete('plans/:plan_id/archive', [controllers.admin.plans.Archives, 'destroy'])

    router.resource('address-pools', controllers.admin.AddressPools).except(['update', 'destroy'])
    router.put('address-pools/:id', [controllers.admin.AddressPools, 'update'])
    router
      .group(() => {
        router.post('closure', [controllers.admin.addressPools.Closures, 'store'])
        router.delete('closure', [controllers.admin.addressPools.Closures, 'destroy'])
        router.get('imports/create', [controllers.admin.addressPools.Imports, 'create'])
        router.post('imports', [controllers.admin.addressPools.Imports, 'store'])
      })
      .prefix('address-pools/:address_pool_id')
      .as('address_pools')

    router.get('port-forwards', [controllers.admin.PortForwards, 'index'])
    router.resource('port-pools', controllers.admin.PortPools).except(['update', 'destroy'])
    router.put('port-pools/:id', [controllers.admin.PortPools, 'update'])
    router
      .group(() => {
        router.post('closure', [controllers.admin.portPools.Closures, 'store'])
        router.delete('closure', [controllers.admin.portPools.Closures, 'destroy'])
        router.get('imports/create', [controllers.admin.portPools.Imports, 'create'])
        router.post('imports', [controllers.admin.portPools.Imports, 'store'])
      })
      .prefix('port-pools/:port_pool_id')
      .as('port_pools')
    router.post('clusters/:cluster_id/forwarder/checks', [
      controllers.admin.clusters.forwarders.Checks,
      'store',
    ])

    /** What shows or changes whom we trust, or removes for good. */
    router
      .group(() => {
        router.delete('clusters/:id', [controllers.admin.Clusters, 'destroy'])
        router.get('clusters/:cluster_id/identity', [controllers.admin.clusters.Identities, 'show'])
        router.put('clusters/:cluster_id/identity', [
          controllers.admin.clusters.Identities,
          'update',
        ])
        router.get('clusters/:cluster_id/credentials', [
          controllers.admin.clusters.Credentials,
          'edit',
        ])
        router.put('clusters/:cluster_id/credentials', [
          controllers.admin.clusters.Credentials,
          'update',
        ])
        router.get('clusters/:cluster_id/trust', [controllers.admin.clusters.Trusts, 'show'])
        router.post('clusters/:cluster_id/trust', [controllers.admin.clusters.Trusts, 'store'])
        router
          .group(() => {
            router.get('/', [controllers.admin.clusters.ConsoleAccounts, 'show'])
            router.put('/', [controllers.admin.clusters.ConsoleAccounts, 'update'])
            router.delete('/', [controllers.admin.clusters.ConsoleAccounts, 'destroy'])
          })
          .prefix('clusters/:cluster_id/console-accounts')
          .as('clusters')
        router.get('clusters/:cluster_id/forwarder', [
          controllers.admin.clusters.Forwarders,
          'edit',
        ])
        router.put('clusters/:cluster_id/forwarder', [
          controllers.admin.clusters.Forwarders,
          'update',
        ])
        router.delete('port-pools/:id', [controllers.admin.PortPools, 'destroy'])
        router.delete('plans/:id', [controllers.admin.Plans, 'destroy'])
        router.delete('address-pools/:id', [controllers.admin.AddressPools, 'destroy'])
      })
      .use(middleware.confirmed())
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])
