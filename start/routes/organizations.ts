import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import {
  throttleFounding,
  throttleInvitations,
  throttleInvited,
  throttlePublic,
} from '#start/limiter'

router
  .group(() => {
    router.resource('organizations', controllers.Organizations).only(['index', 'create'])
    router.post('organizations', [controllers.Organizations, 'store']).use(throttleFounding)
  })
  .use(middleware.auth())

router
  .group(() => {
    router.delete('/', [controllers.Organizations, 'destroy']).use(middleware.confirmed())
    router.get('settings', [controllers.organizations.Settings, 'edit'])
    router.put('settings', [controllers.organizations.Settings, 'update'])
    router.get('quotas', [controllers.organizations.Quotas, 'index'])
    router.resource('activity', controllers.organizations.Activity).only(['index', 'show'])

    router.get('notifications', [controllers.organizations.Notifications, 'index'])
    router.put('notifications/:id', [controllers.organizations.Notifications, 'update'])
    router
      .post('webhooks/:webhook_id/pings', [controllers.organizations.webhooks.Pings, 'store'])
      .as('webhooks.pings')
    router
      .get('webhooks/:webhook_id/deliveries/:id', [
        controllers.organizations.webhooks.Deliveries,
        'show',
      ])
      .as('webhooks.deliveries')
    router
      .post('webhooks/:webhook_id/redeliveries', [
        controllers.organizations.webhooks.Redeliveries,
        'storeFailed',
      ])
      .as('webhooks.failed_redeliveries')
    router
      .post('webhooks/:webhook_id/deliveries/:delivery_id/redeliveries', [
        controllers.organizations.webhooks.Redeliveries,
        'store',
      ])
      .as('webhooks.redeliveries')
    router
      .group(() => {
        router.get('create', [controllers.organizations.Webhooks, 'create']).as('create')
        router.post('/', [controllers.organizations.Webhooks, 'store']).as('store')
        router.put(':id', [controllers.organizations.Webhooks, 'update']).as('update')
        router.delete(':id', [controllers.organizations.Webhooks, 'destroy']).as('destroy')
        router
          .post(':webhook_id/rotations', [controllers.organizations.webhooks.Rotations, 'store'])
          .as('rotations')
      })
      .prefix('webhooks')
      .as('webhooks')
      .use(middleware.confirmed())
    router.get('webhooks/:id', [controllers.organizations.Webhooks, 'show']).as('webhooks.show')

    router.get('members', [controllers.organizations.Members, 'index'])
    router.delete('membership', [controllers.organizations.OwnMembership, 'destroy'])
    router
      .group(() => {
        router.resource('members', controllers.organizations.Members).only(['update', 'destroy'])
        router
          .post('invitations', [controllers.organizations.Invitations, 'store'])
          .use([throttleInvitations, throttleInvited])
        router
          .post('invitations/:id/deliveries', [
            controllers.organizations.InvitationDeliveries,
            'store',
          ])
          .use(throttleInvitations)
        router.delete('invitations/:id', [controllers.organizations.Invitations, 'destroy'])

        router
          .resource('billing-keys', controllers.organizations.BillingKeys)
          .only(['index', 'create', 'store', 'destroy'])
        router.post('billing-keys/:id/rotations', [
          controllers.organizations.BillingKeyRotations,
          'store',
        ])
      })
      .use(middleware.confirmed())
  })
  .prefix('/o/:organization')
  .use([middleware.auth(), middleware.organization()])

/** What a link in a mail opens: also for somebody who has no account yet. */
router.get('invitations/:token', [controllers.Invitations, 'show']).use(throttlePublic)
router
  .post('invitations/:token/acceptance', [controllers.invitations.Acceptances, 'store'])
  .use([throttlePublic, middleware.auth({ unverified: true })])
