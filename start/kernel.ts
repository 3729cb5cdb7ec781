import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'

server.errorHandler(() => import('#exceptions/handler'))

/** Every request, also those without a route. */
server.use([
  () => import('#middleware/request_log_middleware'),
  () => import('#middleware/probes_middleware'),
  () => import('#middleware/container_bindings_middleware'),
  () => import('#middleware/secure_headers_middleware'),
  () => import('#middleware/public_files_middleware'),
  () => import('@adonisjs/vite/vite_middleware'),
])

/** Every request that has a route. */
router.use([
  () => import('@adonisjs/core/bodyparser_middleware'),
  () => import('#middleware/session_middleware'),
  () => import('#middleware/detect_locale_middleware'),
  () => import('#middleware/shield_middleware'),
  () => import('@adonisjs/auth/initialize_auth_middleware'),
  () => import('#middleware/signed_in_user_middleware'),
  () => import('#middleware/initialize_bouncer_middleware'),
])

export const middleware = router.named({
  /** Signed in, or sent to the sign-in page. */
  auth: () => import('#middleware/auth_middleware'),
  /** Signed out, or sent home. */
  guest: () => import('#middleware/guest_middleware'),
  /** Sets ctx.organization from /o/:organization; 404 for anybody who is no member. */
  organization: () => import('#middleware/organization_middleware'),
  /** Platform staff only; 404 for everybody else. */
  staff: () => import('#middleware/staff_middleware'),
  /** Staff in the place of a member of the organization whose instance is in the address. */
  standIn: () => import('#middleware/stand_in_middleware'),
  /** A billing system's customer on the pages of one instance; sets ctx.visit, and what those pages ask for. */
  visit: () => import('#middleware/visit_middleware'),
  /** Identity proven within the last minutes, or asked for again. */
  confirmed: () => import('#middleware/confirmed_middleware'),
  /** The password was right and the second factor is awaited; sets ctx.pendingUser. */
  pendingSignIn: () => import('#middleware/pending_sign_in_middleware'),
  /** A bearer token, for the JSON API. */
  apiToken: () => import('#middleware/api_token_middleware'),
  /** What a token has to be made for. */
  scope: () => import('#middleware/scope_middleware'),
  /** Requests with an Idempotency-Key are done once. */
  idempotency: () => import('#middleware/idempotency_middleware'),
  /** A billing system's key; sets ctx.billingKey and ctx.organization. */
  billingKey: () => import('#middleware/billing_key_middleware'),
  /** An installed product, by its licence's token. */
  licenseToken: () => import('#middleware/license_token_middleware'),
  /** Whoever calls an address of the old licence manager; sets ctx.classicCaller. */
  classicCaller: () => import('#middleware/classic_caller_middleware'),
  /** A browser on this very machine. */
  localOnly: () => import('#middleware/local_only_middleware'),
  /** Not kept by the browser. */
  private: () => import('#middleware/private_middleware'),
})
