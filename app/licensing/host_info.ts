import {
  constants,
  createHash,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto'
import { isWritable } from '#licensing/canonical'
import { fromParts } from '#licensing/parts'

/** Why a file is refused, in the order in which it is looked at. */
export const HOST_INFO_REFUSALS = [
  'TOO_LARGE',
  'WRONG_ENCODING',
  'TRUNCATED',
  'MALFORMED',
  'FOREIGN',
  'BAD_MAC',
  'BAD_SERIAL_NUMBER',
  'BAD_KEY',
  'TAMPERED',
  'UNSIGNED',
] as const
export type HostInfoRefusal = (typeof HOST_INFO_REFUSALS)[number]

export type HostInfoReading =
  { refusal: HostInfoRefusal; hostInfo: null } | { refusal: null; hostInfo: HostInfo }

export type HostInfoRules = {
  /** The licence that the file has to name. */
  name: string
  /** Opens the check code; PEM or key object, RSA. */
  checkKey: KeyObject
  /** Files of the classic collector, which the host has not signed, are taken too. */
  allowsClassic: boolean
}

export const HOST_INFO_BYTES = 1024 * 1024
const LEAST_HOST_BITS = { signed: 2048, classic: 1024 }
const MOST_HOST_BITS = 8192
const MOST_LETTERS = 256

const MAC_LIST = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}([,; ]+[0-9a-f]{2}([:-][0-9a-f]{2}){5})*$/i
const MAC = /[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}/gi
const BEGIN = /^-----BEGIN (RSA )?PUBLIC KEY-----$/
const END = /^-----END (RSA )?PUBLIC KEY-----$/
const BASE64 = /^[A-Za-z0-9+/]{1,76}={0,2}$/
const SIGNATURE = /^signature: ([0-9a-f]{2,2048})$/

/** Facts that an installation reports about its host. */
export class HostInfo {
  private constructor(
    readonly name: string,
    readonly mac: string,
    readonly serialNumber: string,
    readonly checkCode: string,
    readonly publicKey: string,
    readonly isSigned: boolean
  ) {}

  /** Reads what somebody sent. Nothing that can be sent makes it throw. */
  static read(bytes: Buffer, rules: HostInfoRules): HostInfoReading {
    const refused = (refusal: HostInfoRefusal) => ({ refusal, hostInfo: null })
    if (bytes.length > HOST_INFO_BYTES) return refused('TOO_LARGE')
    const text = decode(bytes)
    if (text === null) return refused('WRONG_ENCODING')
    const whole = fromParts(text)
    const file = whole === null ? 'TRUNCATED' : split(whole)
    if (typeof file === 'string') return refused(file)
    const { name, mac, serialNumber, checkCode, pem, signed, signature } = file
    if (name !== rules.name) return refused('FOREIGN')
    if (!isShort(mac) || !MAC_LIST.test(mac)) return refused('BAD_MAC')
    if (!isShort(serialNumber)) return refused('BAD_SERIAL_NUMBER')
    const key = publicKeyOf(pem, signature === null ? 'classic' : 'signed')
    if (!key) return refused('BAD_KEY')
    if (!isCheckCode(checkCode, serialNumber, rules.checkKey)) return refused('TAMPERED')
    if (signature === null && !rules.allowsClassic) return refused('UNSIGNED')
    if (signature !== null && !verify('sha256', Buffer.from(signed), key, signature)) {
      return refused('TAMPERED')
    }
    const hostInfo = new HostInfo(name, mac, serialNumber, checkCode, pem, signature !== null)
    return { refusal: null, hostInfo }
  }

  /** Which host it is; the only judgement about it. */
  fingerprint(): string {
    return hostFingerprint(this)
  }
}

/** The check code as a collector makes it: md5 of the serial number's line, for the vendor's eyes. */
export function checkCodeFor(serialNumber: string, checkKey: KeyObject): string {
  const key = { key: checkKey, padding: constants.RSA_PKCS1_PADDING }
  return publicEncrypt(key, Buffer.from(md5(serialNumber))).toString('hex')
}

/**
 * SHA-256 over the hardware addresses in their order, the serial number and the public key: written so that
 * a shell can do it as well.
 */
export function hostFingerprint(host: {
  mac: string
  serialNumber: string
  publicKey: string
}): string {
  const lines = ['portico-host-1', macsOf(host.mac).join(','), host.serialNumber]
  return sha256(`${lines.join('\n')}\n${hostKeyFingerprint(host.publicKey)}\n`)
}

/** SHA-256 over the base64 letters of the PEM: the same however its lines are broken. */
export function hostKeyFingerprint(pem: string): string {
  const letters = pem
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('-----'))
    .join('')
  return sha256(letters)
}

/** Lower case, with colons, sorted, each once. */
export function macsOf(mac: string): string[] {
  const found = mac.toLowerCase().replaceAll('-', ':').match(MAC) ?? []
  return [...new Set(found)].sort()
}

/** UTF-8 without a mark and without control characters but the ends of lines. */
function decode(bytes: Buffer): string | null {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const text = decoder.decode(bytes).replaceAll('\r\n', '\n')
    return text.split('\n').every(isWritable) ? text : null
  } catch {
    return null
  }
}

type Parts = {
  name: string
  mac: string
  serialNumber: string
  checkCode: string
  pem: string
  signed: string
  signature: Buffer | null
}

function split(text: string): Parts | 'TRUNCATED' | 'MALFORMED' {
  const lines = text.replace(/\n+$/, '').split('\n')
  const [name = '', mac = '', serialNumber = '', checkCode = ''] = lines
  if (lines.length < 6) return 'TRUNCATED'
  const end = lines.findIndex((line) => END.test(line))
  if (end === -1) return 'TRUNCATED'
  const pem = lines.slice(4, end + 1)
  const isPem =
    BEGIN.test(pem[0]!) &&
    pem[0]!.replace('BEGIN', 'END') === pem.at(-1) &&
    pem.slice(1, -1).every((line) => BASE64.test(line))
  if (!isPem || name === '') return 'MALFORMED'
  const rest = lines.slice(end + 1)
  if (rest.length > 1) return 'MALFORMED'
  const hex = rest.length === 1 ? SIGNATURE.exec(rest[0]!)?.[1] : null
  if (hex === undefined) return 'MALFORMED'
  return {
    name,
    mac,
    serialNumber,
    checkCode,
    pem: `${pem.join('\n')}\n`,
    signed: `${lines.slice(0, end + 1).join('\n')}\n`,
    signature: hex === null ? null : Buffer.from(hex, 'hex'),
  }
}

function isShort(text: string): boolean {
  return text !== '' && text.trim() === text && text.length <= MOST_LETTERS
}

function publicKeyOf(pem: string, form: keyof typeof LEAST_HOST_BITS): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    const isFit = bits >= LEAST_HOST_BITS[form] && bits <= MOST_HOST_BITS
    return key.asymmetricKeyType === 'rsa' && isFit ? key : null
  } catch {
    return null
  }
}

function isCheckCode(hex: string, serialNumber: string, key: KeyObject): boolean {
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  if (!/^[0-9a-f]+$/i.test(hex) || hex.length !== bytes * 2) return false
  try {
    const padding = constants.RSA_PKCS1_PADDING
    const opened = privateDecrypt({ key, padding }, Buffer.from(hex, 'hex'))
    const expected = Buffer.from(md5(serialNumber))
    return opened.length === expected.length && timingSafeEqual(opened, expected)
  } catch {
    return false
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
