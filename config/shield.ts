import app from '@adonisjs/core/services/app'
import { isHttps } from '#config/app'
import { isStateless } from '#config/session'
import { defineConfig } from '@adonisjs/shield'

/** In development Vite's client wants its own socket and inline styles; production gets neither. */
const development = app.inProduction ? [] : ["'unsafe-inline'"]

const shieldConfig = defineConfig({
  csp: {
    enabled: true,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", '@nonce'],
      styleSrc: app.inProduction ? ["'self'", '@nonce'] : ["'self'", ...development],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: app.inProduction ? ["'self'"] : ["'self'", 'ws:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      frameSrc: ["'none'"],
    },
    reportOnly: false,
  },
  csrf: {
    enabled: true,
    // What carries no cookie cannot be made to act in somebody's name.
    exceptRoutes: ({ request }) => isStateless(request),
    enableXsrfCookie: false,
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  xFrame: { enabled: true, action: 'DENY' },
  hsts: { enabled: isHttps, maxAge: '180 days' },
  contentTypeSniffing: { enabled: true },
})

export default shieldConfig
