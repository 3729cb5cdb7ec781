import app from '@adonisjs/core/services/app'
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
    enableXsrfCookie: false,
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  xFrame: { enabled: true, action: 'DENY' },
  // On every answer, not on pages alone: the middleware for secure headers writes it.
  hsts: { enabled: false },
  contentTypeSniffing: { enabled: true },
})

export default shieldConfig
