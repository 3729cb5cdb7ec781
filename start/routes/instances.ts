import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttlePublic } from '#start/limiter'

/** What whoever runs an instance does with it: also a billing system's customer on a visit. */
function ofRunning() {
  router
    .group(() => {
      router.get('/', [controllers.instances.PortForwards, 'index'])
      router.post('/', [controllers.instances.PortForwards, 'store'])
      router.delete('/', [controllers.instances.PortForwards, 'destroy'])
      router.get('deletion', [controllers.instances.portForwards.Deletions, 'create'])
    })
    .prefix('instances/:instance_id/port-forwards')
    .as('instances')
  router
    .group(() => {
      router.get('/', [controllers.instances.Snapshots, 'index'])
      router.post('/', [controllers.instances.Snapshots, 'store'])
      router
        .group(() => {
          router.delete('/', [controllers.instances.Snapshots, 'destroy'])
          router.get('deletion', [controllers.instances.snapshots.Deletions, 'create'])
          router.get('restoration', [controllers.instances.snapshots.Restorations, 'create'])
          router.post('restoration', [controllers.instances.snapshots.Restorations, 'store'])
        })
        .prefix(':id')
        .use(middleware.confirmed())
    })
    .prefix('instances/:instance_id/snapshots')
    .as('snapshots')
  router
    .group(() => {
      router.post('/', [controllers.instances.SnapshotSchedules, 'store'])
      router.delete(':id', [controllers.instances.SnapshotSchedules, 'destroy'])
    })
    .prefix('instances/:instance_id/snapshot-schedules')
    .as('snapshots')
  router.get('instances/:instance_id/console', [controllers.instances.Consoles, 'show'])
  router.post('instances/:instance_id/console/tickets', [
    controllers.instances.console.Tickets,
    'store',
  ])
  router.get('instances/:instance_id/console/socket', [
    controllers.instances.console.Sockets,
    'show',
  ])
  router.get('instances/:instance_id/access', [controllers.instances.Access, 'show'])
  router
    .post('instances/:instance_id/password_resets', [controllers.instances.PasswordResets, 'store'])
    .use(middleware.confirmed())
  router
    .group(() => {
      router.get('rescue', [controllers.instances.Rescues, 'show'])
      router.post('rescue', [controllers.instances.Rescues, 'store'])
      router
        .group(() => {
          router.post('ssh-keys', [controllers.instances.SshKeys, 'store'])
          router.delete('ssh-keys', [controllers.instances.SshKeys, 'destroy'])
        })
        .use(middleware.confirmed())
    })
    .prefix('instances/:instance_id')
  router.get('instances/:instance_id/disks', [controllers.instances.Disks, 'index'])
  router.get('instances/:instance_id/history', [controllers.instances.History, 'show'])
  router.get('instances/:instance_id/tasks', [controllers.instances.Tasks, 'index'])
  router.get('instances/:instance_id/tasks/:id', [controllers.instances.Tasks, 'show'])
  router.get('instances/:instance_id/usage', [controllers.instances.Usage, 'show'])
  router.get('instances/:instance_id/usage/points', [controllers.instances.Usage, 'points'])
  router.post('instances/:instance_id/power_state', [controllers.instances.PowerStates, 'store'])
  router
    .post('instances/:instance_id/root_password', [controllers.instances.RootPasswords, 'store'])
    .use(middleware.confirmed())
}

/** The pages and deeds of one instance: for members of its organization, and for staff who stand in for one. */
function ofInstance() {
  router.resource('instances', controllers.Instances).only(['show'])
  ofRunning()
  router
    .group(() => {
      router.get('/', [controllers.instances.Interfaces, 'index'])
      router.post('/', [controllers.instances.Interfaces, 'store'])
      router
        .group(() => {
          router.delete('/', [controllers.instances.Interfaces, 'destroy'])
          router.get('deletion', [controllers.instances.interfaces.Deletions, 'create'])
        })
        .prefix(':id')
        .use(middleware.confirmed())
    })
    .prefix('instances/:instance_id/interfaces')
    .as('interfaces')
  router.delete('instances/:id', [controllers.Instances, 'destroy']).use(middleware.confirmed())
  router
    .get('instances/:instance_id/deletion', [controllers.instances.Deletions, 'create'])
    .use(middleware.confirmed())
  router
    .group(() => {
      router.get('/', [controllers.instances.Backups, 'index'])
      router.post('/', [controllers.instances.Backups, 'store'])
      router.get(':id/restoration', [controllers.instances.backups.Restorations, 'create'])
      router.post(':id/restoration', [controllers.instances.backups.Restorations, 'store'])
      router
        .group(() => {
          router.delete('/', [controllers.instances.Backups, 'destroy'])
          router.get('deletion', [controllers.instances.backups.Deletions, 'create'])
          router.get('download', [controllers.instances.backups.Downloads, 'show'])
        })
        .prefix(':id')
        .use(middleware.confirmed())
    })
    .prefix('instances/:instance_id/backups')
    .as('backups')
  router
    .group(() => {
      router.post('/', [controllers.instances.BackupSchedules, 'store'])
      router.delete(':id', [controllers.instances.BackupSchedules, 'destroy'])
    })
    .prefix('instances/:instance_id/backup-schedules')
    .as('backups')
  router
    .group(() => {
      router.put('name', [controllers.instances.Names, 'update'])
      router.get('plan', [controllers.instances.Plans, 'show'])
      router.put('plan', [controllers.instances.Plans, 'update'])
      router.get('transfer', [controllers.instances.Transfers, 'show'])
      router
        .group(() => {
          router.get('reinstallation', [controllers.instances.Reinstallations, 'create'])
          router.post('reinstallation', [controllers.instances.Reinstallations, 'store'])
          router.post('transfer', [controllers.instances.Transfers, 'store'])
          router.delete('transfer', [controllers.instances.Transfers, 'destroy'])
        })
        .use(middleware.confirmed())
    })
    .prefix('instances/:instance_id')
  router.get('instances/:instance_id/settings', [controllers.instances.Settings, 'show'])
}

/** One deed for many instances: of an organization, or of staff over all of them. */
function ofBatches() {
  router
    .group(() => {
      router.get('create', [controllers.batches.Deletions, 'create'])
      router.post('/', [controllers.batches.Deletions, 'store'])
    })
    .prefix('batches/deletions')
    .as('batches.deletions')
    .use(middleware.confirmed())
  router.resource('batches', controllers.Batches).only(['index', 'create', 'store', 'show'])
  router
    .post('batches/:batch_id/cancellation', [controllers.batches.Cancellations, 'store'])
    .as('batches.cancellation')
  router
    .post('batches/:batch_id/retries', [controllers.batches.Retries, 'store'])
    .as('batches.retries')
}

router
  .group(() => {
    router.get('/', [controllers.Overview, 'show']).as('overview')

    router.get('search', [controllers.Searches, 'show'])
    router.get('exports/:list', [controllers.Exports, 'show']).as('exports')

    router.resource('instances', controllers.Instances).only(['index', 'create', 'store'])
    router.group(ofInstance).as('instance')
    ofBatches()

    router.get('transfers/:id', [controllers.Transfers, 'show'])
    router.delete('transfers/:id', [controllers.Transfers, 'destroy']).use(middleware.confirmed())
    router
      .post('transfers/:transfer_id/acceptance', [controllers.transfers.Acceptances, 'store'])
      .as('transfers.acceptance')
      .use(middleware.confirmed())
    router.get('backups', [controllers.Backups, 'index'])

    router.get('events', [controllers.organizations.Events, 'index']).as('events')
    router
      .get('operations/:operation_id/events', [controllers.operations.Events, 'index'])
      .as('operations.events')
    router.resource('operations', controllers.Operations).only(['index', 'show'])
    router.post('operations/:operation_id/cancellation', [
      controllers.operations.Cancellations,
      'store',
    ])
    router.post('operations/:operation_id/retry', [controllers.operations.Retries, 'store'])
  })
  .prefix('/o/:organization')
  .use([middleware.auth(), middleware.organization()])

router
  .group(() => {
    ofInstance()
    router.post('instances/:instance_id/traffic_reset', [
      controllers.instances.TrafficResets,
      'store',
    ])
    router.get('instances/:instance_id/move', [controllers.admin.instances.Moves, 'create'])
    router.post('instances/:instance_id/move', [controllers.admin.instances.Moves, 'store'])
    router.post('instances/:instance_id/suspensions', [
      controllers.admin.instances.Suspensions,
      'store',
    ])
    router.delete('instances/:instance_id/suspensions/:reason', [
      controllers.admin.instances.Suspensions,
      'destroy',
    ])
  })
  .prefix('/admin')
  .as('admin.instance')
  .use([middleware.auth(), middleware.staff(), middleware.standIn()])

router
  .group(() => {
    router.get('backups', [controllers.admin.Backups, 'index']).as('backups.index')
    router
      .group(() => {
        router.get('backups/:backup_id/deletion', [controllers.admin.backups.Deletions, 'create'])
        router.delete('backups/:id', [controllers.admin.Backups, 'destroy']).as('backups.destroy')
      })
      .use(middleware.confirmed())
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])

router.group(ofBatches).prefix('/admin').as('admin').use([middleware.auth(), middleware.staff()])

router.get('/console', [controllers.Visits, 'console']).as('visits.console').use(throttlePublic)

router
  .group(() => {
    router.get('/', [controllers.Visits, 'ended']).as('ended')
    router
      .group(() => {
        router.get('/', [controllers.Visits, 'show']).as('show')
        router.post('/', [controllers.Visits, 'store']).as('store')
      })
      .prefix(':token')
      .use(throttlePublic)
  })
  .prefix('/visits')
  .as('visits')

router
  .group(() => {
    router.delete('/', [controllers.Visits, 'destroy']).as('destroy')
    router.get('instances/:instance_id', [controllers.Instances, 'show']).as('instance')
    ofRunning()
    router.get('operations/:id', [controllers.visits.Operations, 'show']).as('operation')
    router
      .get('operations/:operation_id/events', [controllers.visits.operations.Events, 'index'])
      .as('operation.events')
  })
  .prefix('/visit')
  .as('visit')
  .use(middleware.visit())
