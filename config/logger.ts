import env from '#start/env'
import app from '@adonisjs/core/services/app'
import type { InferLoggers } from '@adonisjs/core/types'
import { defineConfig, syncDestination } from '@adonisjs/core/logger'
import { LogContext } from '#start/log_context'
import { loggableError, REDACTED_PATHS } from '#start/redaction'

const loggerConfig = defineConfig({
  default: 'app',
  loggers: {
    app: {
      enabled: true,
      name: 'portico',
      level: env.get('LOG_LEVEL', 'info'),
      timestamp: 'iso',
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      serializers: { err: loggableError },
      mixin: () => LogContext.fields(),
      // Without a destination: JSON lines on standard output, written in this thread.
      destination: app.inDev ? await syncDestination() : undefined,
    },
  },
})

export default loggerConfig

declare module '@adonisjs/core/types' {
  export interface LoggersList extends InferLoggers<typeof loggerConfig> {}
}
