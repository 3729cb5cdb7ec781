import env from '#start/env'
import app from '@adonisjs/core/services/app'
import type { InferLoggers } from '@adonisjs/core/types'
import { defineConfig, targets, syncDestination } from '@adonisjs/core/logger'
import { REDACTED_PATHS } from '#start/redaction'

const loggerConfig = defineConfig({
  default: 'app',
  loggers: {
    app: {
      enabled: true,
      name: 'portico',
      level: env.get('LOG_LEVEL', 'info'),
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      destination: app.inProduction ? undefined : await syncDestination(),
      transport: app.inProduction
        ? {
            targets: targets()
              .push(targets.file({ destination: 1 }))
              .toArray(),
          }
        : undefined,
    },
  },
})

export default loggerConfig

declare module '@adonisjs/core/types' {
  export interface LoggersList extends InferLoggers<typeof loggerConfig> {}
}
