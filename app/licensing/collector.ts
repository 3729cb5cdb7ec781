const PLACE = '@CHECK_KEY@'

/** The collector with the key that its check code is for. */
export function collectorText(template: string, checkKeyPem: string): string {
  return template.replace(PLACE, () => checkKeyPem.trimEnd())
}
