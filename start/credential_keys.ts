export type CredentialKey = { id: string; key: Buffer }

/**
 * Reads CREDENTIAL_KEYS: `id:base64-of-32-bytes`, comma separated, current key first.
 * @throws Error naming the variable and the entry that is wrong; the key itself is never repeated
 */
export function credentialKeys(value: string): CredentialKey[] {
  const keys = value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const [id, material] = entry.split(/:(.*)/s)
      const key = Buffer.from(material ?? '', 'base64')
      if (!id || !/^[a-z0-9_-]{1,32}$/i.test(id) || key.length !== 32) {
        throw new Error(
          `CREDENTIAL_KEYS: entry ${index + 1} must read id:base64, with 32 bytes behind the colon`
        )
      }
      return { id, key }
    })
  if (keys.length === 0) throw new Error('CREDENTIAL_KEYS: at least one key is needed')
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) {
    throw new Error('CREDENTIAL_KEYS: two keys have the same id')
  }
  return keys
}
