import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { checkCodeFor } from '#licensing/host_info'
import type { LicenseFacts } from '#licensing/license_text'
import { exampleFacts } from '#licensing/vectors'

export type TestHost = { mac: string; serialNumber: string; publicKey: string; key: KeyObject }

/** RSA keys take their time: made once a process. */
const kept = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>()

export function rsaPair(name: string, bits = 2048) {
  const known = kept.get(`${name}-${bits}`)
  if (known) return known
  const pair = generateKeyPairSync('rsa', { modulusLength: bits })
  kept.set(`${name}-${bits}`, pair)
  return pair
}

export function testHost(name = 'host', bits = 2048): TestHost {
  const { publicKey, privateKey } = rsaPair(name, bits)
  return {
    mac: '52:54:00:12:34:56,52:54:00:12:34:57',
    serialNumber: `SN-${name}-001`,
    publicKey: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    key: privateKey,
  }
}

/** What the classic collector writes: five items, and nobody has signed them. */
export function classicHostFile(name: string, host: TestHost, checkKey: KeyObject): string {
  const code = checkCodeFor(host.serialNumber, checkKey)
  return [name, host.mac, host.serialNumber, code, host.publicKey].join('\n')
}

/** … and what ours adds: the host's own signature. */
export function hostFile(name: string, host: TestHost, checkKey: KeyObject): string {
  const text = classicHostFile(name, host, checkKey)
  return `${text}signature: ${sign('sha256', Buffer.from(text), host.key).toString('hex')}\n`
}

export function licenseFacts(host: TestHost, more: Partial<LicenseFacts> = {}): LicenseFacts {
  return exampleFacts(host, { keyId: 'k0123456789abcdef', algorithm: 'RSA-PSS-SHA256', ...more })
}

export const publicOf = (privatePem: string) => createPublicKey(createPrivateKey(privatePem))
