import env from '#start/env'
import { defineConfig } from '@adonisjs/redis'
import type { InferConnections } from '@adonisjs/redis/types'

export const redisUrl = new URL(env.get('REDIS_URL') || 'redis://127.0.0.1:6379/0')

export const redisOptions = {
  host: redisUrl.hostname,
  port: Number(redisUrl.port || 6379),
  username: decodeURIComponent(redisUrl.username) || undefined,
  password: decodeURIComponent(redisUrl.password) || undefined,
  db: Number(redisUrl.pathname.slice(1) || 0),
  tls: redisUrl.protocol === 'rediss:' ? {} : undefined,
}

/** `main` fails fast, so that a page never hangs on a Redis that is away; see also start/events.ts. */
const redisConfig = defineConfig({
  connection: 'main',
  connections: {
    main: {
      ...redisOptions,
      maxRetriesPerRequest: 1,
      connectTimeout: 2000,
      commandTimeout: 2000,
      retryStrategy: (times) => Math.min(times * 100, 2000),
    },
  },
})

export default redisConfig

declare module '@adonisjs/redis/types' {
  export interface RedisConnections extends InferConnections<typeof redisConfig> {}
}
