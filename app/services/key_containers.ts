import { createPrivateKey, type KeyObject } from 'node:crypto'
import { loadForge } from '#services/forge'

/** A private key out of what people keep keys in: PEM of any kind, or PKCS#12. Null when it does not open. */
export async function readPrivateKey(
  container: Buffer,
  password: string | null
): Promise<KeyObject | null> {
  const isPem = container.includes('-----BEGIN ')
  try {
    const key = isPem ? container.toString('utf8') : await pemOfPkcs12(container, password ?? '')
    return createPrivateKey({
      key,
      format: 'pem',
      ...(password && isPem && { passphrase: password }),
    })
  } catch {
    return null
  }
}

/** RSA keys only, as the format's tools know them; AES-256 under the password. */
export async function writePkcs12(
  privatePem: string,
  name: string,
  password: string
): Promise<Buffer> {
  const forge = await loadForge()
  const key = forge.pki.privateKeyFromPem(rsaPem(privatePem))
  const container = forge.pkcs12.toPkcs12Asn1(key, [], password, {
    algorithm: 'aes256',
    friendlyName: name,
    generateLocalKeyId: false,
  })
  return Buffer.from(forge.asn1.toDer(container).getBytes(), 'binary')
}

async function pemOfPkcs12(container: Buffer, password: string): Promise<string> {
  const forge = await loadForge()
  const asn1 = forge.asn1.fromDer(container.toString('binary'))
  const bags = forge.pkcs12.pkcs12FromAsn1(asn1, password)
  for (const type of [forge.pki.oids.pkcs8ShroudedKeyBag!, forge.pki.oids.keyBag!]) {
    const key = bags.getBags({ bagType: type })[type]?.[0]?.key
    if (key) return forge.pki.privateKeyToPem(key)
  }
  throw new Error('no key in the container')
}

/** Forge reads PKCS#1. */
function rsaPem(privatePem: string): string {
  return createPrivateKey(privatePem).export({ type: 'pkcs1', format: 'pem' }).toString()
}
