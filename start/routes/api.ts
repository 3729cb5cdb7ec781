import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import {
  throttleApi,
  throttleFounding,
  throttleInvitations,
  throttleInvited,
  throttlePublic,
  throttleRegistration,
} from '#start/limiter'

const v1 = controllers.api.v1

/** Looks, and changes nothing. */
function forReading() {
  router.get('/', [v1.Organizations, 'show']).as('organization.show')
  router.get('clusters', [v1.Offers, 'clusters']).as('clusters')
  router.get('images', [v1.Offers, 'images']).as('images')
  router.get('plans', [v1.Offers, 'plans']).as('plans')
  router.get('quotas', [v1.Quotas, 'index'])
  router.get('members', [v1.Members, 'index'])
  router.get('invitations', [v1.Invitations, 'index'])
  router.get('notifications', [v1.Notifications, 'index'])
  router.get('billing_keys', [v1.BillingKeys, 'index'])
  router.get('activity', [v1.Activity, 'index'])
  router.get('operations', [v1.Operations, 'index'])
  router.get('operations/:id', [v1.Operations, 'show'])
  router.get('batches', [v1.Batches, 'index'])
  router.get('batches/:id', [v1.Batches, 'show'])
  router.get('batches/:batch_id/items', [v1.batches.Items, 'index']).as('batches.items')
  router.get('transfers', [v1.Transfers, 'index'])
  router.get('transfers/:id', [v1.Transfers, 'show'])
  router.get('backups', [v1.Backups, 'index'])
  router.get('backups/:id', [v1.Backups, 'show'])
  router.get('instances', [v1.Instances, 'index'])
  router.get('instances/:id', [v1.Instances, 'show'])
  router.get('webhooks', [v1.Webhooks, 'index'])
  router.get('webhooks/:id', [v1.Webhooks, 'show'])
  router.get('webhooks/:webhook_id/deliveries', [v1.webhooks.Deliveries, 'index'])
  router.get('webhooks/:webhook_id/deliveries/:id', [v1.webhooks.Deliveries, 'show'])
  router
    .group(() => {
      router.get('backup_schedules', [v1.instances.BackupSchedules, 'index'])
      router.get('backups', [v1.instances.Backups, 'index'])
      router.get('console', [v1.instances.Consoles, 'show'])
      router.get('images', [v1.instances.Images, 'index'])
      router.get('plans', [v1.instances.Plans, 'index'])
      router.get('interfaces', [v1.instances.Interfaces, 'index'])
      router.get('networks', [v1.instances.Networks, 'index'])
      router.get('port_forwards', [v1.instances.PortForwards, 'index'])
      router.get('port_pools', [v1.instances.PortPools, 'index'])
      router.get('rescue', [v1.instances.Rescues, 'show'])
      router.get('snapshot_schedules', [v1.instances.SnapshotSchedules, 'index'])
      router.get('snapshots', [v1.instances.Snapshots, 'index'])
      router.get('ssh_keys', [v1.instances.SshKeys, 'index'])
      router.get('suspensions', [v1.instances.Suspensions, 'index'])
      router.get('tasks', [v1.instances.Tasks, 'index'])
      router.get('tasks/:id', [v1.instances.Tasks, 'show'])
      router.get('traffic', [v1.instances.Traffic, 'show'])
      router.get('transfer', [v1.instances.Transfers, 'show'])
      router.get('usage', [v1.instances.Usage, 'show'])
    })
    .prefix('instances/:instance_id')
    .as('instances')
}

function forPower() {
  router.post('instances/:instance_id/power_state', [v1.PowerStates, 'store'])
  router.post('instances/:instance_id/rescue', [v1.instances.Rescues, 'store'])
}

function forForwards() {
  router
    .group(() => {
      router.post('/', [v1.instances.PortForwards, 'store'])
      router.delete(':id', [v1.instances.PortForwards, 'destroy'])
    })
    .prefix('instances/:instance_id/port_forwards')
}

/** … and backups: copies of a disk. */
function forSnapshots() {
  router
    .group(() => {
      router.post('snapshots', [v1.instances.Snapshots, 'store'])
      router.delete('snapshots/:id', [v1.instances.Snapshots, 'destroy'])
      router.post('snapshots/:snapshot_id/restoration', [
        v1.instances.snapshots.Restorations,
        'store',
      ])
      router.post('snapshot_schedules', [v1.instances.SnapshotSchedules, 'store'])
      router.delete('snapshot_schedules/:id', [v1.instances.SnapshotSchedules, 'destroy'])
      router.post('backups', [v1.instances.Backups, 'store'])
      router.post('backup_schedules', [v1.instances.BackupSchedules, 'store'])
      router.delete('backup_schedules/:id', [v1.instances.BackupSchedules, 'destroy'])
    })
    .prefix('instances/:instance_id')
    .as('instances')
  router.delete('backups/:id', [v1.Backups, 'destroy'])
  router.get('backups/:id/archive', [controllers.instances.backups.Downloads, 'show'])
}

/** What opens an instance. */
function forAccess() {
  router
    .group(() => {
      router.post('password_resets', [v1.instances.PasswordResets, 'store'])
      router.post('root_password', [v1.instances.RootPasswords, 'store'])
      router.post('ssh_keys', [v1.instances.SshKeys, 'store'])
      router.delete('ssh_keys/:id', [v1.instances.SshKeys, 'destroy'])
    })
    .prefix('instances/:instance_id')
    .as('instances')
}

/** A ticket, and the socket that it opens. */
function forConsole() {
  router
    .group(() => {
      router.post('tickets', [v1.instances.console.Tickets, 'store'])
      router.get('socket', [controllers.instances.console.Sockets, 'show'])
    })
    .prefix('instances/:instance_id/console')
    .as('instances.console')
}

function forInstances() {
  router.post('instances', [v1.Instances, 'store'])
  router.delete('instances/:id', [v1.Instances, 'destroy'])
  router
    .group(() => {
      router.put('name', [v1.instances.Names, 'update'])
      router.put('plan', [v1.instances.Plans, 'update'])
      router.post('reinstallation', [v1.instances.Reinstallations, 'store'])
      router.post('interfaces', [v1.instances.Interfaces, 'store'])
      router.delete('interfaces/:id', [v1.instances.Interfaces, 'destroy'])
      router.post('transfer', [v1.instances.Transfers, 'store'])
      router.delete('transfer', [v1.instances.Transfers, 'destroy'])
    })
    .prefix('instances/:instance_id')
    .as('instances')
  router.post('backups/:backup_id/restoration', [v1.backups.Restorations, 'store'])
  router.post('operations/:operation_id/cancellation', [v1.operations.Cancellations, 'store'])
  router.post('operations/:operation_id/retry', [v1.operations.Retries, 'store'])
  router.delete('transfers/:id', [v1.Transfers, 'destroy'])
  router
    .post('transfers/:transfer_id/acceptance', [v1.transfers.Acceptances, 'store'])
    .as('transfers.acceptance')
  // Each deed takes its own scope beside; see `DEED_SCOPES`.
  router.post('batches', [v1.Batches, 'store'])
  router
    .post('batches/:batch_id/cancellation', [v1.batches.Cancellations, 'store'])
    .as('batches.cancellation')
  router.post('batches/:batch_id/retries', [v1.batches.Retries, 'store']).as('batches.retries')
}

/** Who belongs to an organization, what they are told of it, and how it is called. */
function forOrganization() {
  router.put('/', [v1.Organizations, 'update']).as('organization.update')
  router.delete('/', [v1.Organizations, 'destroy']).as('organization.destroy')
  router.put('members/:id', [v1.Members, 'update'])
  router.delete('members/:id', [v1.Members, 'destroy'])
  router.delete('membership', [v1.OwnMembership, 'destroy'])
  router.post('invitations', [v1.Invitations, 'store']).use([throttleInvitations, throttleInvited])
  router.delete('invitations/:id', [v1.Invitations, 'destroy'])
  router
    .post('invitations/:invitation_id/deliveries', [v1.invitations.Deliveries, 'store'])
    .use(throttleInvitations)
  router.put('notifications/:id', [v1.Notifications, 'update'])
  router.delete('billing_keys/:id', [v1.BillingKeys, 'destroy'])
}

/** What the token's owner has, whichever organization they look at. */
function ofOwner() {
  router
    .group(() => {
      router.get('me', [controllers.api.Me, 'show'])
      router.get('invitations', [v1.account.Invitations, 'index'])
      router.get('notifications', [v1.account.Notifications, 'show'])
      router.get('organizations', [v1.Organizations, 'index'])
      router.get('sessions', [v1.account.Sessions, 'index'])
      router.get('ssh_keys', [v1.SshKeys, 'index'])
      router.get('tokens', [v1.account.Tokens, 'index'])
    })
    .use(middleware.scope('read'))
  router
    .group(() => {
      router.post('ssh_keys', [v1.SshKeys, 'store'])
      router.delete('ssh_keys/:id', [v1.SshKeys, 'destroy'])
    })
    .use([middleware.scope('access'), middleware.idempotency()])
  router
    .post('organizations', [v1.Organizations, 'store'])
    .use([middleware.scope('organization'), middleware.idempotency(), throttleFounding])
  router
    .group(() => {
      router.put('profile', [v1.account.Profiles, 'update'])
      router.put('notifications', [v1.account.Notifications, 'update'])
      router.delete('sessions', [v1.account.Sessions, 'destroyAll']).as('sessions.destroy_all')
      router.delete('sessions/:id', [v1.account.Sessions, 'destroy'])
      router.delete('tokens/:id', [v1.account.Tokens, 'destroy'])
      router.post('invitations/:invitation_id/acceptance', [
        v1.account.invitations.Acceptances,
        'store',
      ])
    })
    .use([middleware.scope('account'), middleware.idempotency()])
}

/** To where programs are told what happens, and with what secret. */
function forWebhooks() {
  router.post('webhooks', [v1.Webhooks, 'store'])
  router.put('webhooks/:id', [v1.Webhooks, 'update'])
  router.delete('webhooks/:id', [v1.Webhooks, 'destroy'])
  router
    .group(() => {
      router.post('rotations', [v1.webhooks.Rotations, 'store'])
      router.post('pings', [v1.webhooks.Pings, 'store'])
      router.post('redeliveries', [v1.webhooks.Redeliveries, 'storeFailed'])
      router.post('deliveries/:delivery_id/redeliveries', [v1.webhooks.Redeliveries, 'store'])
    })
    .prefix('webhooks/:webhook_id')
    .as('webhooks')
}

/** For whoever sells instances onward. */
function forBilling() {
  router
    .group(() => {
      router.post('/', [v1.instances.Suspensions, 'store'])
      router.delete(':reason', [v1.instances.Suspensions, 'destroy'])
    })
    .prefix('instances/:instance_id/suspensions')
    .as('instances.suspensions')
}

router
  .group(() => {
    router.group(ofOwner).as('owner')
    router
      .group(() => {
        router.group(forReading).use(middleware.scope('read'))
        router.group(forPower).use(middleware.scope('power'))
        router.group(forForwards).use(middleware.scope('forwards'))
        router.group(forSnapshots).use(middleware.scope('snapshots'))
        router.group(forAccess).use(middleware.scope('access'))
        router.group(forConsole).use(middleware.scope('console'))
        router.group(forInstances).use(middleware.scope('instances'))
        router.group(forBilling).use(middleware.scope('billing'))
        router.group(forWebhooks).use(middleware.scope('webhooks'))
        router.group(forOrganization).use(middleware.scope('organization'))
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

/* As the page with cloud servers calls it: names and answers are its own. */
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
