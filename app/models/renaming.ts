import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { NameTaken, NotPossibleNow } from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import Cluster from '#models/cluster'
import Instance, { type DeedOrder } from '#models/instance'
import type Operation from '#models/operation'
import Organization from '#models/organization'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { transaction } from '#models/concerns/transaction'

export type RenameOrder = DeedOrder & { name: string }

/**
 * It is called so at once. Where the cluster can tell the guest, an operation does; null: there is nobody to tell.
 * What a billing system calls it stays.
 * @throws NameTaken, InstanceBusy, NotPossibleNow
 */
export async function rename(
  instance: Instance,
  { name, by, requestKey }: RenameOrder
): Promise<Operation | null> {
  if (instance.deletedAt) throw new NotPossibleNow()
  const previous = instance.name
  if (name === previous) return null
  const cluster = await Cluster.findOrFail(instance.clusterId)
  const facets = await cluster.facets()
  try {
    if (instance.isProvisioned && facets.has('hostName')) {
      return await instance.begin(
        { type: 'instance.rename', input: { name, previous }, requestedBy: by, requestKey },
        (trx) => note(instance, name, by, trx)
      )
    }
    await transaction(async (trx) => {
      await instance.lock(trx)
      await note(instance, name, by, trx)
    })
    return null
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await instance.refresh()
    const organization = await Organization.findOrFail(instance.organizationId)
    const free = await Instance.freeName(organization, name)
    throw new NameTaken({ name, free }, { cause: error })
  }
}

async function note(
  instance: Instance,
  name: string,
  by: DeedOrder['by'],
  trx: TransactionClientContract
): Promise<void> {
  const subject = instance.auditSubject
  const before = { name: instance.name }
  await trx.from('instances').where('id', instance.id).update({ name, live_name: name })
  await instance.useTransaction(trx).refresh()
  await AuditEvent.record(
    {
      action: 'instance.renamed',
      organizationId: instance.organizationId,
      subject,
      before,
      after: { name },
      actor: by ?? 'system',
    },
    trx
  )
}
