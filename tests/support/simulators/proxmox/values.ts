/** All but these names. */
export function without<Value>(
  values: Readonly<Record<string, Value>>,
  ...names: readonly string[]
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}

/** `a,b;c d` as the API writes lists. */
export function wordsOf(list: string | undefined): string[] {
  return (list ?? '').split(/[,;\s]+/).filter(Boolean)
}
