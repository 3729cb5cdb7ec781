type Flash = { get(key: string, fallback?: unknown): unknown; has(key: string): boolean }

/**
 * What a refused form left behind for one of its fields. `form` is the form the field stands in: a page may
 * hold several with equal names, and only the one that was sent gets its words back.
 */
export function fieldState(flash: Flash | undefined, name: string, form: string | undefined) {
  const isOther = form !== undefined && flash?.has('_form') && flash.get('_form') !== form
  if (!flash || isOther) {
    return { problem: null, problems: [], typed: undefined, isResent: false }
  }
  const bag = flash.get('inputErrorsBag', {}) as Record<string, string[]>
  // What is wrong with an entry of a list is told at the list.
  const problems = Object.entries(bag)
    .filter(([field]) => field === name || field.startsWith(`${name}.`))
    .flatMap(([, messages]) => messages)
  return {
    problem: problems[0] ?? null,
    problems,
    typed: flash.get(name) ?? undefined,
    /** A box that was cleared is absent from what was sent: only this tells it from a first visit. */
    isResent: flash.has('_form'),
  }
}
