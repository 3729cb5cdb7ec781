import { parseCanonical, writeCanonical, type CanonicalMembers } from '#licensing/canonical'
import type { ClassicOrder } from '#licensing/classic_file'
import { classicLines, type ClassicItems } from '#licensing/classic_file'
import type { SigningAlgorithm } from '#licensing/signing'

/** All that a document says. Moments are UTC, to the second: `2026-11-21T13:00:00Z`. */
export type LicenseFacts = ClassicItems & {
  keyId: string
  algorithm: SigningAlgorithm
  /** Unique, and higher than that of every document before. */
  serial: number
  /** uid of the licence. */
  license: string
  name: string
  /** Code of the licensed product. */
  product: string
  holder: string
  /** `support`, or `gpu=4` with a limit. */
  entitlements: readonly string[]
  /** Fingerprint of the host, and of its public key alone. */
  host: string
  hostKey: string
  notBefore: string
  expiresAt: string
  graceUntil: string
  issuedAt: string
  classicOrder: ClassicOrder
}

const FORMAT = 1
const MOMENT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
const DIGEST = /^[0-9a-f]{64}$/

/** The canonical text of a licence: what is signed. @throws RangeError for what cannot be written */
export function writeLicense(facts: LicenseFacts): string {
  const text = writeCanonical({
    kind: 'license',
    format: FORMAT,
    key: facts.keyId,
    algorithm: facts.algorithm,
    serial: facts.serial,
    license: facts.license,
    name: facts.name,
    product: facts.product,
    holder: facts.holder,
    max_vm: facts.maxVm,
    max_image: facts.maxImage,
    max_user: facts.maxUser,
    max_vcpu: facts.maxVcpu,
    max_vmem: facts.maxVmem,
    max_vdisk: facts.maxVdisk,
    expires: facts.expires,
    mac: facts.mac,
    serial_number: facts.serialNumber,
    entitlements: facts.entitlements,
    host_key: facts.hostKey,
    host: facts.host,
    not_before: facts.notBefore,
    expires_at: facts.expiresAt,
    grace_until: facts.graceUntil,
    issued_at: facts.issuedAt,
    classic_order: facts.classicOrder,
    classic: classicLines(facts, facts.classicOrder),
  })
  if (!parseLicense(text)) throw new RangeError('these facts make no licence')
  return text
}

/** What a text says; null for everything that is not the canonical text of a licence. */
export function parseLicense(text: string): LicenseFacts | null {
  const members = parseCanonical(text)
  if (!members || members.kind !== 'license' || members.format !== FORMAT) return null
  const facts = factsOf(members)
  return facts && isSound(facts) && isRewritten(facts, members) ? facts : null
}

export function isMoment(text: string): boolean {
  return MOMENT.test(text)
}

function factsOf(members: CanonicalMembers): LicenseFacts | null {
  const reader = new Reader(members)
  const facts = {
    keyId: reader.text('key'),
    algorithm: reader.text('algorithm') as SigningAlgorithm,
    serial: reader.number('serial'),
    license: reader.text('license'),
    name: reader.text('name'),
    product: reader.text('product'),
    holder: reader.text('holder'),
    maxVm: reader.number('max_vm'),
    maxImage: reader.number('max_image'),
    maxUser: reader.number('max_user'),
    maxVcpu: reader.number('max_vcpu'),
    maxVmem: reader.number('max_vmem'),
    maxVdisk: reader.number('max_vdisk'),
    expires: reader.text('expires'),
    mac: reader.text('mac'),
    serialNumber: reader.text('serial_number'),
    entitlements: reader.list('entitlements'),
    hostKey: reader.text('host_key'),
    host: reader.text('host'),
    notBefore: reader.text('not_before'),
    expiresAt: reader.text('expires_at'),
    graceUntil: reader.text('grace_until'),
    issuedAt: reader.text('issued_at'),
    classicOrder: reader.text('classic_order') as ClassicOrder,
  }
  return reader.isWhole ? facts : null
}

/** Reads members by their type, and remembers whether one was missing. */
class Reader {
  isWhole = true

  constructor(private readonly members: CanonicalMembers) {}

  text(name: string): string {
    const value = this.members[name]
    if (typeof value === 'string') return value
    this.isWhole = false
    return ''
  }

  number(name: string): number {
    const value = this.members[name]
    if (typeof value === 'number') return value
    this.isWhole = false
    return 0
  }

  list(name: string): readonly string[] {
    const value = this.members[name]
    if (Array.isArray(value)) return value as string[]
    this.isWhole = false
    return []
  }
}

function isSound(facts: LicenseFacts): boolean {
  return (
    /^k[0-9a-f]{16}$/.test(facts.keyId) &&
    (facts.algorithm === 'RSA-PSS-SHA256' || facts.algorithm === 'Ed25519') &&
    (facts.classicOrder === 'images_users' || facts.classicOrder === 'users_images') &&
    facts.serial > 0 &&
    [facts.license, facts.name, facts.product].every((text) => text !== '') &&
    [facts.notBefore, facts.expiresAt, facts.graceUntil, facts.issuedAt].every(isMoment) &&
    facts.expires === facts.expiresAt.slice(0, 10) &&
    facts.graceUntil >= facts.expiresAt &&
    DIGEST.test(facts.host) &&
    DIGEST.test(facts.hostKey)
  )
}

/** Members that the facts do not hold are the order, the nine lines, and what does not belong there. */
function isRewritten(facts: LicenseFacts, members: CanonicalMembers): boolean {
  const lines = classicLines(facts, facts.classicOrder)
  return (
    Object.keys(members).join() === MEMBERS.join() &&
    JSON.stringify(members.classic) === JSON.stringify(lines)
  )
}

const MEMBERS = [
  'kind',
  'format',
  'key',
  'algorithm',
  'serial',
  'license',
  'name',
  'product',
  'holder',
  'max_vm',
  'max_image',
  'max_user',
  'max_vcpu',
  'max_vmem',
  'max_vdisk',
  'expires',
  'mac',
  'serial_number',
  'entitlements',
  'host_key',
  'host',
  'not_before',
  'expires_at',
  'grace_until',
  'issued_at',
  'classic_order',
  'classic',
]
