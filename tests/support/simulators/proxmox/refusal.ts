/** What a call is refused with; its text stands in the status line and in the body, as the real one has it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: Record<string, string> | null = null
  ) {
    super(message)
  }

  static invalid(errors: Record<string, string>): Refusal {
    return new Refusal(400, 'Parameter verification failed.', errors)
  }

  /** Somebody else wrote in between. */
  static modified(): Refusal {
    return new Refusal(
      500,
      'detected modified configuration - file changed by other user? Try again.'
    )
  }

  static forbidden(path: string, ...privileges: string[]): Refusal {
    return new Refusal(403, `Permission check failed (${path}, ${privileges.join('|')})`)
  }
}
