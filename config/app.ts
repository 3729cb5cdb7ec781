import app from '@adonisjs/core/services/app'
import env from '#start/env'
import { defineConfig } from '@adonisjs/core/http'
import { trustedProxies } from '../start/trusted_proxies.js'

export const appUrl = env.get('APP_URL').replace(/\/$/, '')
export const isHttps = appUrl.startsWith('https:')

export const http = defineConfig({
  generateRequestId: true,
  allowMethodSpoofing: true,
  useAsyncLocalStorage: true,
  trustProxy: trustedProxies(env.get('TRUST_PROXY')),
  redirect: { forwardQueryString: false },
  cookie: {
    domain: '',
    path: '/',
    maxAge: '30d',
    httpOnly: true,
    secure: isHttps,
    sameSite: 'lax',
  },
})

export const isDevelopment = app.inDev

/** Between SIGTERM and the moment when no new connection is accepted. */
export const shutdownDelayMs = env.get('SHUTDOWN_DELAY_MS', 0)
/** Requests that run longer after that are cut off. */
export const drainMs = 20_000
