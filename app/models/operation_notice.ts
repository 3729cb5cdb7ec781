import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type Instance from '#models/instance'
import type License from '#models/license'
import Notice, { type NoticeData } from '#models/notice'
import type Operation from '#models/operation'

type Subject = { instance: Instance; license?: never } | { license: License; instance?: never }

/** In the transaction of the end, so that it is told exactly when it happened. */
export async function tellOfEnd(
  operation: Operation,
  ending: 'succeeded' | 'failed' | 'cancelled',
  subject: Subject,
  trx: TransactionClientContract
): Promise<void> {
  const { organizationId, type } = operation
  if (ending === 'succeeded' && type === 'instance.create') {
    await Notice.raise(organizationId, 'instance.created', factsOf(operation, subject), trx)
  }
  if (ending === 'failed') {
    await Notice.raise(organizationId, 'operation.failed', troubleOf(operation, subject), trx)
  }
}

/** Its organization learns that it waits; the provider's, where it can be decided, that it waits for them. */
export async function tellOfTrouble(
  operation: Operation,
  subject: Subject,
  trx: TransactionClientContract
): Promise<void> {
  const type = 'operation.needs_attention'
  const facts = troubleOf(operation, subject)
  await Notice.raise(operation.organizationId, type, facts, trx)
  const owners = await trx
    .from('organizations')
    .where('id', operation.organizationId)
    .orWhereNotNull('provider_on')
    .select('id', 'name')
  const provider = owners.find(({ id }) => Number(id) !== operation.organizationId)
  if (!provider) return
  const owner = owners.find(({ id }) => Number(id) === operation.organizationId)!
  await Notice.raise(provider.id, type, { ...facts, organization: owner.name }, trx)
}

function troubleOf(operation: Operation, subject: Subject): NoticeData {
  const { type, errorKind } = operation
  return { ...factsOf(operation, subject), deed: type, error: errorKind }
}

function factsOf({ uid }: Operation, { instance, license }: Subject): NoticeData {
  return instance
    ? { name: instance.name, instance: instance.uid, operation: uid }
    : { name: license.name, license: license.uid, operation: uid }
}
