import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { createPublicKey } from 'node:crypto'
import { ClassicTooLong } from '#exceptions/domain_error'
import { classicFile, classicRoom, classicText } from '#licensing/classic_file'
import { digestOf, encryptDocument, writeDocument } from '#licensing/document'
import { hostFingerprint, hostKeyFingerprint } from '#licensing/host_info'
import { writeLicense, type LicenseFacts } from '#licensing/license_text'
import type { SigningAlgorithm } from '#licensing/signing'
import type Activation from '#models/activation'
import type License from '#models/license'
import LicenseLedger from '#models/license_ledger'
import SigningKey from '#models/signing_key'
import { sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'

/** A licence with its product, organization and entitlements, and the host that its document is for. */
export type IssueOrder = { license: License; activation: Activation; operationId: number | null }

type Facts = Omit<LicenseFacts, 'keyId' | 'serial' | 'issuedAt'>

const ROWS_AT_ONCE = 250

/** What a document for this host would say, but for its serial, its key and its moment. */
export function factsOf({ license, activation }: Omit<IssueOrder, 'operationId'>): Facts {
  const { product, organization, entitlements } = license
  const host = {
    mac: activation.mac!,
    serialNumber: activation.serialNumber!,
    publicKey: activation.publicKey!,
  }
  return {
    algorithm: product.algorithm,
    license: license.uid,
    name: license.name,
    product: product.code,
    holder: organization.name,
    maxVm: license.maxVm,
    maxImage: license.maxImage,
    maxUser: license.maxUser,
    maxVcpu: license.maxVcpu,
    maxVmem: license.maxVmem,
    maxVdisk: license.maxVdisk,
    expires: moment(license.expiresAt).slice(0, 10),
    mac: host.mac,
    serialNumber: host.serialNumber,
    entitlements: entitlements.map(({ text }) => text).toSorted(),
    hostKey: hostKeyFingerprint(host.publicKey),
    host: hostFingerprint(host),
    notBefore: moment(license.startsAt),
    expiresAt: moment(license.expiresAt),
    graceUntil: moment(license.graceUntil),
    classicOrder: product.classicOrder,
  }
}

/** Tells whether two documents say the same. */
export function contentDigest(facts: Facts): string {
  return digestOf(JSON.stringify(facts))
}

/**
 * Signs a document for each order and writes them down, in the table and in the ledger, together or not at all.
 * The ledger is locked first: serials are its positions, without a gap.
 * @throws NoSigningKey, ClassicTooLong
 */
export async function issueDocuments(
  orders: readonly IssueOrder[],
  issuedBy: string,
  trx: TransactionClientContract
): Promise<void> {
  const head = await LicenseLedger.lock(trx)
  const keys = await activeKeys(orders, trx)
  const issuedAt = moment(DateTime.utc())
  const signing = orders.map(async (order, index) => {
    const facts = factsOf(order)
    const key = keys.get(facts.algorithm)!
    const serial = head.length + index + 1
    const text = writeLicense({ ...facts, keyId: key.signer.keyId, serial, issuedAt })
    const signature = await key.signer.sign(Buffer.from(text))
    const document = writeDocument('LICENSE', text, signature)
    return { order, facts, key, serial, text, signature, document, digest: digestOf(document) }
  })
  // One that fails before its turn to be written has not failed unseen.
  for (const one of signing) one.catch(() => {})
  // The first are written while the others are still being signed.
  let written = head
  for (let from = 0; from < signing.length; from += ROWS_AT_ONCE) {
    const issued = await Promise.all(signing.slice(from, from + ROWS_AT_ONCE))
    written = await LicenseLedger.append(
      issued.map(({ order, key, serial, text, signature, digest }) => ({
        position: serial,
        license_uid: order.license.uid,
        license_name: order.license.name,
        key_id: key.signer.keyId,
        document_digest: digest,
        signed_text: text,
        signature: signature.toString('base64'),
        issued_by: issuedBy,
        issued_at: issuedAt,
      })),
      written,
      trx
    )
    await trx.table('license_documents').multiInsert(issued.map(rowOf))
  }
}

type Issued = {
  order: IssueOrder
  facts: Facts
  key: { id: number }
  serial: number
  document: string
  digest: string
}

function rowOf({ order, facts, key, serial, document, digest }: Issued) {
  return {
    uid: newUid('d'),
    organization_id: order.license.organizationId,
    license_id: order.license.id,
    activation_id: order.activation.id,
    signing_key_id: key.id,
    operation_id: order.operationId,
    serial,
    content_digest: contentDigest(facts),
    digest,
    document,
    ...otherForms(order, facts, document),
    expires_at: sqlTime(order.license.expiresAt),
    created_at: sqlTime(DateTime.utc()),
  }
}

/** Whether the classic form is wanted and has room. @throws ClassicTooLong */
export function ensureClassicFits(order: Omit<IssueOrder, 'operationId'>): void {
  const { product } = order.license
  if (!product.classicEnabled) return
  const bytes = Buffer.byteLength(classicText(factsOf(order), product.classicOrder))
  const room = classicRoom(createPublicKey(order.activation.publicKey!))
  if (bytes > room) throw new ClassicTooLong({ bytes, room })
}

function otherForms({ license, activation }: IssueOrder, facts: Facts, document: string) {
  const { product } = license
  if (!product.encrypted && !product.classicEnabled) return { encrypted: null, classic: null }
  const hostKey = createPublicKey(activation.publicKey!)
  return {
    encrypted: product.encrypted ? encryptDocument(document, hostKey) : null,
    classic: product.classicEnabled
      ? classicFile(classicText(facts, product.classicOrder), hostKey)
      : null,
  }
}

async function activeKeys(orders: readonly IssueOrder[], trx: TransactionClientContract) {
  const algorithms = new Set(orders.map(({ license }) => license.product.algorithm))
  const keys = new Map<SigningAlgorithm, { id: number; signer: SigningKey['signer'] }>()
  for (const algorithm of algorithms) {
    const key = await SigningKey.activeFor(algorithm, trx)
    keys.set(algorithm, { id: key.id, signer: key.signer })
  }
  return keys
}

function moment(time: DateTime): string {
  return time.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'")
}
