import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** Who uses the platform, how much they may have, and what was done. */
router
  .group(() => {
    router.get('audit', [controllers.admin.AuditEvents, 'index'])
    router.get('audit/:id', [controllers.admin.AuditEvents, 'show'])

    router.resource('organizations', controllers.admin.Organizations).only(['index', 'show'])
    router.put('organizations/:id/quotas', [controllers.admin.organizations.Quotas, 'update'])

    router
      .resource('users', controllers.admin.Users)
      .use(['create', 'store', 'edit', 'update', 'destroy'], middleware.confirmed())
    router.post('users/:id/password-resets', [controllers.admin.users.PasswordResets, 'store'])
    router.delete('users/:id/sessions', [controllers.admin.users.Sessions, 'destroy'])
    router
      .group(() => {
        router.post('users/:id/disablement', [controllers.admin.users.Disablements, 'store'])
        router.delete('users/:id/disablement', [controllers.admin.users.Disablements, 'destroy'])
        router.put('users/:id/staff-role', [controllers.admin.users.StaffRoles, 'update'])
      })
      .use(middleware.confirmed())
  })
  .prefix('/admin')
  .as('admin')
  .use([middleware.auth(), middleware.staff()])
