import {
  createPrivateKey,
  generateKeyPair,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import type forge from 'node-forge'
import { loadForge } from '#services/forge'

const makeKeyPair = promisify(generateKeyPair)

const KEY_BITS = 3072
const LIFETIME_YEARS = 10
/** A cluster whose clock is behind ours must not find the certificate not yet valid. */
const BACKDATE_MS = 24 * 3600 * 1000

export type ClientKeyPair = { certificate: string; privateKey: string }

export type CertificateFacts = {
  /** SHA-256 over the DER form, as `lxc config trust list` shows it. */
  fingerprint: string
  subject: string
  validFrom: Date
  validTo: Date
}

export const KEY_PAIR_PROBLEMS = [
  'certificate_unreadable',
  'key_unreadable',
  'key_encrypted',
  'not_a_pair',
  'expired',
  'not_yet_valid',
] as const
export type KeyPairProblem = (typeof KEY_PAIR_PROBLEMS)[number]

/**
 * A self-signed certificate by which a cluster will know this Portico. The key is made by a thread of
 * Node's own, so that pages go on being answered; node-forge writes the certificate.
 */
export async function makeClientCertificate(commonName: string): Promise<ClientKeyPair> {
  const { privateKey, publicKey } = await makeKeyPair('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const { asn1, md, pki } = await loadForge()
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicKey)
  // A serial number is positive: the first bit stays clear.
  certificate.serialNumber = `0${randomBytes(16).toString('hex').slice(1)}`
  certificate.validity.notBefore = new Date(Date.now() - BACKDATE_MS)
  certificate.validity.notAfter = new Date()
  certificate.validity.notAfter.setFullYear(new Date().getFullYear() + LIFETIME_YEARS)
  const name = [
    { name: 'commonName', value: commonName },
    { name: 'organizationName', value: 'Portico' },
  ]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
  ])
  certificate.sign(nativeSigner(certificate, privateKey, asn1), md.sha256.create())
  return { certificate: pki.certificateToPem(certificate), privateKey }
}

/** node-forge signs in JavaScript, for 200 ms in which no page is answered; OpenSSL needs 2 ms. */
function nativeSigner(
  certificate: forge.pki.Certificate,
  privateKey: string,
  asn1: typeof forge.asn1
) {
  const signer: Pick<forge.pki.rsa.PrivateKey, 'sign'> = {
    sign() {
      const { tbsCertificate } = certificate as unknown as { tbsCertificate: forge.asn1.Asn1 }
      const bytes = Buffer.from(asn1.toDer(tbsCertificate).getBytes(), 'latin1')
      return sign('sha256', bytes, privateKey).toString('latin1')
    },
  }
  return signer as forge.pki.rsa.PrivateKey
}

/** What is wrong with a pair that somebody brought, or null. */
export function keyPairProblem(
  { certificate, privateKey }: ClientKeyPair,
  now = new Date()
): KeyPairProblem | null {
  const parsed = parseCertificate(certificate)
  if (!parsed) return 'certificate_unreadable'
  if (/ENCRYPTED/.test(privateKey)) return 'key_encrypted'
  const key = parseKey(privateKey)
  if (!key) return 'key_unreadable'
  if (!parsed.checkPrivateKey(key)) return 'not_a_pair'
  if (parsed.validToDate <= now) return 'expired'
  if (parsed.validFromDate > now) return 'not_yet_valid'
  return null
}

/** @throws Error when it is no certificate */
export function certificateFacts(certificate: string): CertificateFacts {
  const parsed = new X509Certificate(certificate)
  return {
    fingerprint: parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: parsed.subject.split('\n').join(', '),
    validFrom: parsed.validFromDate,
    validTo: parsed.validToDate,
  }
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}
