import env from '#start/env'
import { isHttps } from '#config/app'
import { defineConfig, stores } from '@adonisjs/session'

/** `age` is the idle limit; the absolute one is kept by the sign-in middleware. */
const sessionConfig = defineConfig({
  enabled: true,
  cookieName: 'portico_session',
  clearWithBrowser: false,
  age: '7d',
  cookie: { path: '/', httpOnly: true, secure: isHttps, sameSite: 'lax' },
  store: env.get('SESSION_DRIVER', 'database'),
  stores: { database: stores.database({ tableName: 'sessions', gcProbability: 0 }) },
})

export default sessionConfig
