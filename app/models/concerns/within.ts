import { DriverError } from '#drivers/errors'

/** What a cluster answers within the time. @throws DriverError timeout */
export async function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DriverError('timeout', `the cluster was not read within ${ms / 1000} s`)),
      ms
    )
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
    // What is still under way ends when the driver is closed; nobody listens any more.
    work.catch(() => {})
  }
}
