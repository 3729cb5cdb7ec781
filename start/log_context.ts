import { AsyncLocalStorage } from 'node:async_hooks'

type Fields = Record<string, string | number | null>

const contexts = new AsyncLocalStorage<Fields>()

/**
 * What every log line of the current piece of work carries: the request's id, the operation's, the step.
 * Whoever logs needs not know on whose behalf it runs.
 */
export const LogContext = {
  run<T>(fields: Fields, work: () => T): T {
    return contexts.run({ ...contexts.getStore(), ...fields }, work)
  },

  /** For what becomes known on the way. */
  add(fields: Fields): void {
    const context = contexts.getStore()
    if (context) Object.assign(context, fields)
  },

  fields(): Fields {
    return contexts.getStore() ?? {}
  },
}
