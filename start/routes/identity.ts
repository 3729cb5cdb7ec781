import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'
import { throttlePublic } from '#start/limiter'

router.get('/', [controllers.Home, 'index'])

/* Doors: for visitors. */
router
  .group(() => {
    router.get('/sign-up', [controllers.SignUps, 'create'])
    router.post('/sign-up', [controllers.SignUps, 'store'])
    router.get('/sign-in', [controllers.Sessions, 'create'])
    router.post('/sign-in', [controllers.Sessions, 'store'])
    router.post('/sign-in/passkey', [controllers.sessions.Passkeys, 'store']).as('sign_in.passkeys')
    router.get('/forgot-password', [controllers.PasswordResets, 'create'])
    router.post('/forgot-password', [controllers.PasswordResets, 'store'])
    router.get('/first-administrator/:token', [controllers.FirstAdministrators, 'create'])
    router.post('/first-administrator/:token', [controllers.FirstAdministrators, 'store'])
  })
  .use([throttlePublic, middleware.guest()])

router
  .group(() => {
    router.get('/sign-in/second-factor', [controllers.sessions.SecondFactors, 'create'])
    router.post('/sign-in/second-factor', [controllers.sessions.SecondFactors, 'store'])
  })
  .use([throttlePublic, middleware.guest(), middleware.pendingSignIn()])

/* One-time links and what else works signed in or out. */
router
  .group(() => {
    router.post('/passkey-challenges', [controllers.PasskeyChallenges, 'store'])
    router.get('/verify-email', [controllers.EmailVerifications, 'index'])
    router.post('/verify-email', [controllers.EmailVerifications, 'store'])
    router.get('/verify-email/:token', [controllers.EmailVerifications, 'show'])
    router.post('/verify-email/:token', [controllers.EmailVerifications, 'update'])
    router.get('/confirm-email/:token', [controllers.EmailConfirmations, 'show'])
    router.post('/confirm-email/:token', [controllers.EmailConfirmations, 'update'])
    router.get('/reset-password/:token', [controllers.PasswordResets, 'edit'])
    router.post('/reset-password/:token', [controllers.PasswordResets, 'update'])
  })
  .use(throttlePublic)

router.post('/sign-out', [controllers.Sessions, 'destroy'])

/* One's own account, also before the address is proven. */
router
  .group(() => {
    router.on('/').redirectToPath('/account/profile').as('home')
    router.get('/profile', [controllers.account.Profiles, 'edit'])
    router.put('/profile', [controllers.account.Profiles, 'update'])
    router.get('/notifications', [controllers.account.Notifications, 'edit'])
    router.put('/notifications', [controllers.account.Notifications, 'update'])
    router.get('/sessions', [controllers.account.Sessions, 'index'])
    router.delete('/sessions/:id', [controllers.account.Sessions, 'destroy'])
    router.delete('/other-sessions', [controllers.account.OtherSessions, 'destroy'])
    router.get('/confirm', [controllers.account.Confirmations, 'create'])
    router.post('/confirm', [controllers.account.Confirmations, 'store'])
    router.delete('/email', [controllers.account.EmailChanges, 'destroy'])
    router
      .group(() => {
        router.get('/email', [controllers.account.EmailChanges, 'create'])
        router.post('/email', [controllers.account.EmailChanges, 'store'])
        router.get('/password', [controllers.account.Passwords, 'edit'])
        router.put('/password', [controllers.account.Passwords, 'update'])
      })
      .use(middleware.confirmed())
  })
  .prefix('/account')
  .as('account')
  .use([middleware.auth({ unverified: true }), middleware.private()])

/* Keys to it. Only for a proven address, or somebody could prepare an account for its real owner. */
router
  .group(() => {
    router.get('/security', [controllers.account.Security, 'show'])
    router.get('/api-tokens', [controllers.account.ApiTokens, 'index'])
    router.delete('/api-tokens/:id', [controllers.account.ApiTokens, 'destroy'])
    router.get('/ssh-keys', [controllers.account.SshKeys, 'index'])
    router.delete('/ssh-keys/:id', [controllers.account.SshKeys, 'destroy'])
    router.get('/recovery-codes', [controllers.account.RecoveryCodes, 'show'])
    router
      .group(() => {
        router.get('/authenticator', [controllers.account.Authenticators, 'create'])
        router.post('/authenticator', [controllers.account.Authenticators, 'store'])
        router.delete('/authenticator', [controllers.account.Authenticators, 'destroy'])
        router.get('/passkeys/create', [controllers.account.Passkeys, 'create'])
        router.post('/passkeys', [controllers.account.Passkeys, 'store'])
        router.delete('/passkeys/:id', [controllers.account.Passkeys, 'destroy'])
        router.post('/recovery-codes', [controllers.account.RecoveryCodes, 'store'])
        router.get('/api-tokens/create', [controllers.account.ApiTokens, 'create'])
        router.post('/api-tokens', [controllers.account.ApiTokens, 'store'])
        router.get('/ssh-keys/create', [controllers.account.SshKeys, 'create'])
        router.post('/ssh-keys', [controllers.account.SshKeys, 'store'])
      })
      .use(middleware.confirmed())
  })
  .prefix('/account')
  .as('account')
  .use([middleware.auth(), middleware.private()])
