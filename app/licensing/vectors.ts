import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { classicText } from '#licensing/classic_file'
import { signDocument, splitDocument, writeDocument } from '#licensing/document'
import { checkCodeFor, hostFingerprint, hostKeyFingerprint } from '#licensing/host_info'
import { writeKeyRing } from '#licensing/key_ring'
import { writeLicense, type LicenseFacts } from '#licensing/license_text'
import { hashedSerial, writeRevocations } from '#licensing/revocation_list'
import { generateSigningKey, signerOf, type Signer } from '#licensing/signing'
import type { ValidationCode } from '#licensing/validation'

/** One question to a verifier; files are named by what `files` holds. */
export type Vector = {
  name: string
  license: string
  host?: string
  product?: string
  revocations?: string
  lastSeen?: string
  now: string
  code: ValidationCode
  /** What `--print` adds. */
  classic?: string
}

export type TestVectors = { keys: string; files: Record<string, string>; vectors: Vector[] }

const NOW = '2026-12-01T00:00:00Z'
const PRODUCT = 'virtual-desktop'

/** What every verifier has to answer, whatever it is written in. Keys are made for the occasion. */
export async function makeVectors(): Promise<TestVectors> {
  const stranger = await keyFor('RSA-PSS-SHA256')
  const pairs = { rsa: await keyFor('RSA-PSS-SHA256'), ed25519: await keyFor('Ed25519') }
  const hosts = { here: newHost('SN-1 "quoted" \\ 客户'), there: newHost('SN-2') }
  const signed = (signer: Signer, more: Partial<LicenseFacts> = {}) =>
    signDocument('LICENSE', writeLicense(factsFor(hosts.here, signer, more)), signer)
  const listed = (signer: Signer, serials: string[], keys: string[] = []) =>
    signDocument('REVOCATIONS', writeRevocations(listFor(signer, serials, keys)), signer)
  const [good, ed] = [await signed(pairs.rsa), await signed(pairs.ed25519)]
  const files: Record<string, string> = {
    'ring.txt': writeKeyRing(
      Object.values(pairs).map(({ keyId, algorithm, publicKey }) => ({
        id: keyId,
        algorithm,
        publicKey,
      }))
    ),
    'rsa.license': good,
    'ed25519.license': ed,
    'crlf.license': good.replaceAll('\n', '\r\n'),
    'stranger.license': await signed(stranger),
    'changed.license': changed(good, '"max_vm":100', '"max_vm":900', '100', '900'),
    'changed-ed25519.license': changed(ed, '"max_vm":100', '"max_vm":900', '100', '900'),
    'disguised.license': withKey(good, pairs.rsa.keyId, pairs.ed25519.keyId),
    'spaced.license': respelled(good, '"serial":42', '"serial": 42'),
    'empty.license': '',
    'cut.license': good.slice(0, good.length / 2),
    'wrapped.license': good.replace(
      /\n([^-\n]{64})\n/,
      (_, line) => `\n${line.slice(0, 60)}\n${line.slice(60)}\n`
    ),
    'list.license': await listed(pairs.rsa, []),
    'none.revocations': await listed(pairs.rsa, [hashedSerial(7)]),
    'serial.revocations': await listed(pairs.ed25519, [hashedSerial(7), hashedSerial(42)]),
    'key.revocations': await listed(pairs.ed25519, [], [pairs.rsa.keyId]),
    'stranger.revocations': await listed(stranger, []),
    'changed.revocations': changed(await listed(pairs.rsa, []), '"number":3', '"number":4'),
    'here.hostinfo': hosts.here.file,
    'there.hostinfo': hosts.there.file,
  }
  return {
    keys: 'ring.txt',
    files,
    vectors: questions(classicText(factsFor(hosts.here, stranger), 'images_users')),
  }
}

function questions(classic: string): Vector[] {
  const ask = (name: string, code: ValidationCode, more: Partial<Vector> = {}): Vector => ({
    name,
    license: 'rsa.license',
    now: NOW,
    code,
    ...more,
  })
  const all = { host: 'there.hostinfo', product: 'other' }
  return [
    ask('signed with RSA-PSS', 'VALID', { classic }),
    ask('signed with Ed25519', 'VALID', { license: 'ed25519.license', classic }),
    ask('with everything that is asked', 'VALID', {
      host: 'here.hostinfo',
      product: PRODUCT,
      revocations: 'none.revocations',
      lastSeen: NOW,
      classic,
    }),
    ask('with carriage returns', 'VALID', { license: 'crlf.license', classic }),
    ask('in its grace', 'VALID', { now: '2027-11-25T00:00:00Z', classic }),
    ask('empty', 'MALFORMED', { license: 'empty.license' }),
    ask('cut off', 'MALFORMED', { license: 'cut.license' }),
    ask('in lines of another length', 'MALFORMED', { license: 'wrapped.license' }),
    ask('written with a blank', 'MALFORMED', { license: 'spaced.license' }),
    ask('a list instead of a licence', 'MALFORMED', { license: 'list.license' }),
    ask('of a stranger', 'UNKNOWN_KEY', { license: 'stranger.license' }),
    ask('changed after signing', 'BAD_SIGNATURE', { license: 'changed.license' }),
    ask('changed after signing with Ed25519', 'BAD_SIGNATURE', {
      license: 'changed-ed25519.license',
    }),
    ask('under the name of another key', 'BAD_SIGNATURE', { license: 'disguised.license' }),
    ask('a licence for the list', 'MALFORMED', { revocations: 'rsa.license' }),
    ask('the list of a stranger', 'UNKNOWN_KEY', { revocations: 'stranger.revocations' }),
    ask('a list changed after signing', 'BAD_SIGNATURE', { revocations: 'changed.revocations' }),
    ask('revoked, before everything else', 'REVOKED', {
      revocations: 'serial.revocations',
      ...all,
    }),
    ask('signed by a revoked key', 'REVOKED', { revocations: 'key.revocations' }),
    ask('not affected by the other key', 'VALID', {
      license: 'ed25519.license',
      revocations: 'key.revocations',
      classic,
    }),
    ask('too early, before everything behind', 'NOT_YET_VALID', {
      now: '2026-11-20T23:59:59Z',
      ...all,
    }),
    ask('on the first second', 'VALID', { now: '2026-11-21T00:00:00Z', classic }),
    ask('expired, before everything behind', 'EXPIRED', { now: '2027-11-28T23:59:59Z', ...all }),
    ask('on the last second', 'VALID', { now: '2027-11-28T23:59:58Z', classic }),
    ask('expired, with a clock set back', 'EXPIRED', { lastSeen: '2028-01-01T00:00:00Z' }),
    ask('on another host', 'HOST_MISMATCH', all),
    ask('for another product', 'PRODUCT_MISMATCH', { host: 'here.hostinfo', product: 'other' }),
    ask('with a clock set back', 'CLOCK_BACK', { lastSeen: '2026-12-02T00:00:00Z' }),
    ask('another host, with a clock set back', 'HOST_MISMATCH', {
      host: 'there.hostinfo',
      lastSeen: '2026-12-02T00:00:00Z',
    }),
  ]
}

type TestHost = { mac: string; serialNumber: string; publicKey: string; file: string }

async function keyFor(algorithm: 'RSA-PSS-SHA256' | 'Ed25519') {
  const { publicKey, privateKey } = await generateSigningKey(algorithm)
  return { ...signerOf(privateKey), publicKey }
}

function newHost(serialNumber: string): TestHost {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const host = {
    mac: '52:54:00:AB:CD:02, 52-54-00-ab-cd-01',
    serialNumber,
    publicKey: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
  const code = checkCodeFor(serialNumber, createPublicKey(host.publicKey))
  return { ...host, file: ['ACME', host.mac, serialNumber, code, host.publicKey].join('\n') }
}

function factsFor(host: TestHost, { keyId, algorithm }: Signer, more: Partial<LicenseFacts> = {}) {
  return exampleFacts(host, { keyId, algorithm, ...more })
}

/** What a licence may say, with the letters that are hardest to get right. */
export function exampleFacts(
  host: { mac: string; serialNumber: string; publicKey: string },
  more: Partial<LicenseFacts> & Pick<LicenseFacts, 'keyId' | 'algorithm'>
): LicenseFacts {
  return {
    serial: 42,
    license: 'lvector',
    name: 'ACME-DESK',
    product: PRODUCT,
    holder: 'Räder & 客户 "Ltd" \\',
    maxVm: 100,
    maxImage: 20,
    maxUser: 80,
    maxVcpu: 400,
    maxVmem: 1024,
    maxVdisk: 10_000,
    expires: '2027-11-21',
    mac: host.mac,
    serialNumber: host.serialNumber,
    entitlements: ['gpu=4', 'support'],
    hostKey: hostKeyFingerprint(host.publicKey),
    host: hostFingerprint(host),
    notBefore: '2026-11-21T00:00:00Z',
    expiresAt: '2027-11-21T23:59:59Z',
    graceUntil: '2027-11-28T23:59:59Z',
    issuedAt: '2026-11-21T13:00:00Z',
    classicOrder: 'images_users',
    ...more,
  }
}

function listFor({ keyId, algorithm }: Signer, serials: string[], keys: string[]) {
  const [thisUpdate, nextUpdate] = [NOW, '2026-12-08T00:00:00Z']
  return { keyId, algorithm, number: 3, thisUpdate, nextUpdate, serials, keys }
}

/** The old signature over another text; both places where a number stands. */
function changed(document: string, from: string, to: string, line = '', other = ''): string {
  return respelled(document, from, to, `"classic":["${line}"`, `"classic":["${other}"`)
}

function withKey(document: string, keyId: string, other: string): string {
  return respelled(document, keyId, other, '"RSA-PSS-SHA256"', '"Ed25519"')
}

function respelled(document: string, from: string, to: string, second = '', other = ''): string {
  const kind = document.includes('PORTICO LICENSE') ? 'LICENSE' : 'REVOCATIONS'
  const { text, signature } = splitDocument(kind, document)!
  return writeDocument(kind, text.replace(from, to).replace(second, other), signature)
}
