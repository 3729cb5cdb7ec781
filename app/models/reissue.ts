import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Activation from '#models/activation'
import AuditEvent from '#models/audit_event'
import { issueDocuments, type IssueOrder } from '#models/issuance'
import License from '#models/license'
import type LicensedProduct from '#models/licensed_product'
import SigningKey from '#models/signing_key'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'

const BATCH = 1_000

/** `next`: where the following batch begins; null when all are done. */
export type Reissued = { documents: number; next: number | null }

/**
 * Signs with the active key what is bound and was not signed with it: all licences of a product after its key was
 * rotated, a thousand at a time. Each batch is whole or not there, and says in the audit how many it was; done
 * again, it finds nothing to do.
 */
export async function reissueBatch(
  product: LicensedProduct,
  { after, issuedBy, size = BATCH }: { after: number; issuedBy: string; size?: number }
): Promise<Reissued> {
  return transaction(async (trx) => {
    const key = await SigningKey.activeFor(product.algorithm, trx)
    const activations = await due(product, key, { after, size }, trx)
    const orders = await ordersFor(product, activations, trx)
    if (orders.length > 0) {
      await issueDocuments(orders, issuedBy, trx)
      await publish(orders, trx)
      await AuditEvent.record(
        {
          action: 'licensed_product.reissued',
          organizationId: null,
          subject: product.auditSubject,
          after: { key: key.keyId, documents: orders.length },
        },
        trx
      )
    }
    const next = activations.length < size ? null : activations.at(-1)!.id
    return { documents: orders.length, next }
  })
}

/** Bound hosts of open licences that nobody is signing for at the moment. */
function due(
  product: LicensedProduct,
  key: SigningKey,
  { after, size }: { after: number; size: number },
  trx: TransactionClientContract
): Promise<Activation[]> {
  return Activation.query({ client: trx })
    .where('activations.id', '>', after)
    .whereNull('deactivated_at')
    .whereNotNull('public_key')
    .whereIn('license_id', (licenses) =>
      licenses
        .from('licenses')
        .where('licensed_product_id', product.id)
        .where('expires_at', '>', sqlTime(DateTime.utc()))
        .select('id')
    )
    .whereNotExists((documents) =>
      documents
        .from('license_documents')
        .whereColumn('current_on', 'activations.id')
        .where('signing_key_id', key.id)
    )
    .whereNotExists((closed) =>
      closed.from('license_revocations').whereColumn('license_id', 'activations.license_id')
    )
    .whereNotExists((closed) =>
      closed.from('license_suspensions').whereColumn('open_on', 'activations.license_id')
    )
    .whereNotExists((open) =>
      open
        .from('operations')
        .whereColumn('operations.license_id', 'activations.license_id')
        .whereNotNull('operations.open_on')
    )
    .orderBy('activations.id')
    .limit(size)
}

async function ordersFor(
  product: LicensedProduct,
  activations: Activation[],
  trx: TransactionClientContract
): Promise<IssueOrder[]> {
  const licenses = await License.query({ client: trx })
    .whereIn(
      'id',
      activations.map(({ licenseId }) => licenseId)
    )
    .preload('organization')
    .preload('entitlements')
    .orderBy('id')
    .forUpdate()
  const known = new Map(licenses.map((license) => [license.id, license]))
  return activations.map((activation) => {
    const license = known.get(activation.licenseId)!
    license.$setRelated('product', product)
    return { license, activation, operationId: null }
  })
}

/** They take the places of those before. */
async function publish(orders: IssueOrder[], trx: TransactionClientContract): Promise<void> {
  const ids = orders.map(({ activation }) => activation.id)
  const now = sqlTime(DateTime.utc())
  await trx
    .from('license_documents')
    .whereIn('current_on', ids)
    .update({ current_on: null, superseded_at: now })
  await trx
    .from('license_documents')
    .whereIn('activation_id', ids)
    .whereNull('published_at')
    .whereNull('operation_id')
    .update({ current_on: trx.raw('activation_id'), published_at: now })
}
