import { runRecurring } from '#start/schedule'

export default class RecurringJob {
  static queue = 'maintenance'

  handle(name: string): Promise<unknown> {
    return runRecurring(name)
  }
}
