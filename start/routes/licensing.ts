import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttleInstallations, throttlePublic } from '#start/limiter'

/* What products and hosts need of us: key ring, list of what is revoked, collector, verifiers. */
router.get('/licensing/:file', [controllers.licensing.Kits, 'show']).use(throttlePublic)

/* Customers. */
router
  .group(() => {
    router.get('licenses', [controllers.licensing.Licenses, 'index'])
    router.get('licenses/:id', [controllers.licensing.Licenses, 'show'])
    router
      .group(() => {
        router.post('host_info', [controllers.licensing.HostInfos, 'store'])
        router.post('documents', [controllers.licensing.Documents, 'store'])
        router.get('documents/:id', [controllers.licensing.Documents, 'show'])
        router.get('documents/:document_id/exchange', [controllers.licensing.Exchanges, 'show'])
        router
          .group(() => {
            router.post('token', [controllers.licensing.Tokens, 'store'])
            router.delete('token', [controllers.licensing.Tokens, 'destroy'])
          })
          .use(middleware.confirmed())
      })
      .prefix('licenses/:license_id')
  })
  .prefix('/o/:organization')
  .as('licensing')
  .use([middleware.auth(), middleware.organization()])

/* Staff. */
router
  .group(() => {
    router
      .resource('licensed-products', controllers.admin.LicensedProducts)
      .only(['index', 'create', 'store', 'edit', 'update'])
    router.post('licensed-products/:id/archive', [
      controllers.admin.licensedProducts.Archives,
      'store',
    ])
    router.delete('licensed-products/:id/archive', [
      controllers.admin.licensedProducts.Archives,
      'destroy',
    ])
    router.get('licenses/imports/create', [controllers.admin.licenses.Imports, 'create'])
    router.post('licenses/imports', [controllers.admin.licenses.Imports, 'store'])
    router
      .resource('licenses', controllers.admin.Licenses)
      .only(['index', 'create', 'store', 'show', 'update'])
    router
      .group(() => {
        router.post('suspension', [controllers.admin.licenses.Suspensions, 'store'])
        router.delete('suspension', [controllers.admin.licenses.Suspensions, 'destroy'])
        router.post('renewal', [controllers.admin.licenses.Renewals, 'store'])
        router.post('reopening', [controllers.admin.licenses.Reopenings, 'store'])
      })
      .prefix('licenses/:license_id')
      .as('licenses')
    router.post('host-infos/:upload_id/approval', [controllers.admin.licenses.Approvals, 'store'])
    router.delete('host-infos/:upload_id/approval', [
      controllers.admin.licenses.Approvals,
      'destroy',
    ])
    router.get('license-ledger', [controllers.admin.LicenseLedger, 'index'])
    router.get('signing-keys', [controllers.admin.SigningKeys, 'index'])
    router
      .group(() => {
        router.post('licenses/:license_id/revocation', [
          controllers.admin.licenses.Revocations,
          'store',
        ])
        router.delete('licenses/:id', [controllers.admin.Licenses, 'destroy'])
      })
      .use(middleware.confirmed())
    router
      .group(() => {
        router.get('create', [controllers.admin.SigningKeys, 'create'])
        router.post('/', [controllers.admin.SigningKeys, 'store'])
        router.post(':key_id/requests', [controllers.admin.signingKeys.Requests, 'store'])
        router.delete('requests/:id', [controllers.admin.signingKeys.Requests, 'destroy'])
        router.post('requests/:id/approval', [controllers.admin.signingKeys.Approvals, 'store'])
        router.post('requests/:id/export', [controllers.admin.signingKeys.Exports, 'store'])
      })
      .prefix('signing-keys')
      .as('keys')
      .use(middleware.confirmed())
  })
  .prefix('/admin')
  .as('admin.licensing')
  .use([middleware.auth(), middleware.staff()])

/* Installed products, by their licence's token. */
router
  .group(() => {
    router.post('validations', [controllers.api.licensing.Validations, 'store'])
    router.post('activations', [controllers.api.licensing.Activations, 'store'])
    router.post('activations/:id/heartbeats', [controllers.api.licensing.Heartbeats, 'store'])
    router.delete('activations/:id', [controllers.api.licensing.Activations, 'destroy'])
    router.post('host_info', [controllers.api.licensing.HostInfos, 'store'])
    router.get('document', [controllers.api.licensing.Documents, 'show'])
  })
  .prefix('/api/v1/licensing')
  .as('api.licensing')
  .use([middleware.licenseToken(), throttleInstallations])
