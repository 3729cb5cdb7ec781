import env from '#start/env'
import { defineConfig, drivers } from '@adonisjs/core/encryption'
import type { InferEncryptors } from '@adonisjs/core/types'
import { credentialKeys } from '../start/credential_keys.js'

/**
 * `app` is for what expires soon (cookies, signed links). `credentials` is for what must outlast APP_KEY:
 * cluster credentials and other secrets kept in the database. Each key is a driver of its own, so that its
 * id stands in front of every ciphertext.
 */
const encryptionConfig = defineConfig({
  default: 'app',
  list: {
    app: drivers.aes256gcm({ id: 'app', keys: [env.get('APP_KEY')] }),
  },
})

export default encryptionConfig

export const credentialKeyRing = credentialKeys(env.get('CREDENTIAL_KEYS').release())

declare module '@adonisjs/core/types' {
  export interface EncryptorsList extends InferEncryptors<typeof encryptionConfig> {}
}
