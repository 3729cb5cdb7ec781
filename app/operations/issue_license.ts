import { DocumentBroken, NoHostInfo } from '#exceptions/domain_error'
import Activation from '#models/activation'
import { contentDigest, ensureClassicFits, factsOf, issueDocuments } from '#models/issuance'
import type License from '#models/license'
import LicenseDocument from '#models/license_document'
import type Operation from '#models/operation'
import SigningKey from '#models/signing_key'
import { transaction } from '#models/concerns/transaction'
import { defineLicenseOperation, type LicenseContext } from '#operations/definition'

export type IssueLicense = { activationId: number }

type Context = LicenseContext<IssueLicense>

export default defineLicenseOperation<IssueLicense>({
  type: 'license.issue',
  steps: [
    { name: 'check_host', run: checkHost },
    { name: 'sign', run: sign },
    { name: 'verify_document', run: verifyDocument },
  ],
  async close({ operation, license }, ending, trx) {
    if (ending !== 'succeeded') return
    const document = await documentOf(operation, license, trx)
    await document?.useTransaction(trx).publish(trx)
    await trx.from('licenses').where('id', license.id).update({ reopened_at: null })
  },
})

async function checkHost({ input, license }: Context) {
  await license.ensureOpen()
  await loadAll(license)
  const activation = await Activation.findOrFail(input.activationId)
  if (activation.deactivatedAt || !activation.publicKey) throw new NoHostInfo()
  ensureClassicFits({ license, activation })
}

/** What was signed for this operation, or says the same and is whole, is not signed again. */
async function sign({ operation, input, license }: Context) {
  await loadAll(license)
  const activation = await Activation.findOrFail(input.activationId)
  await operation.load('requestedBy')
  const issuedBy = operation.requestedBy?.email ?? 'system'
  const ring = await LicenseDocument.ring()
  await transaction(async (trx) => {
    await license.lock(trx)
    if (await LicenseDocument.query({ client: trx }).where('operation_id', operation.id).first()) {
      return
    }
    const current = await currentOf(activation, trx)
    const key = await SigningKey.activeFor(license.product.algorithm, trx)
    const isSame =
      current?.signingKeyId === key.id &&
      current.contentDigest === contentDigest(factsOf({ license, activation })) &&
      current.forms.length === formCount(license) &&
      current.isIntact(ring)
    if (isSame) return
    await issueDocuments([{ license, activation, operationId: operation.id }], issuedBy, trx)
  })
}

/** As a product would look at it, before anybody gets it. */
async function verifyDocument({ operation, license }: Context) {
  const document = await documentOf(operation, license)
  if (document && !document.isIntact(await LicenseDocument.ring())) throw new DocumentBroken()
}

async function loadAll(license: License) {
  await license.load((relation) =>
    relation.load('product').load('organization').load('entitlements')
  )
}

function documentOf(
  operation: Operation,
  license: License,
  client?: Parameters<typeof LicenseDocument.currentOf>[1]
) {
  return LicenseDocument.query({ client })
    .where('license_id', license.id)
    .where('operation_id', operation.id)
    .first()
}

function currentOf(
  activation: Activation,
  client: Parameters<typeof LicenseDocument.currentOf>[1]
) {
  return LicenseDocument.query({ client }).where('current_on', activation.id).first()
}

function formCount({ product }: License): number {
  return 1 + Number(product.encrypted) + Number(product.classicEnabled)
}
