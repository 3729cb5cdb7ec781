import type { PowerAction, Size } from '#drivers/contract'
import {
  AddressLeased,
  AddressNotInPool,
  ImageGone,
  NotPossibleNow,
} from '#exceptions/domain_error'
import AuditEvent from '#models/audit_event'
import DriftFinding from '#models/drift_finding'
import { leasable, leaseFound, refuseLeased } from '#models/found_addresses'
import type Instance from '#models/instance'
import OneTimeSecret from '#models/one_time_secret'
import Operation, { openKey } from '#models/operation'
import { reserve } from '#models/resize'
import type User from '#models/user'
import { isUniqueViolation } from '#models/concerns/database_errors'
import { transaction } from '#models/concerns/transaction'
import type { DriftFacts, DriftKind } from '#models/types'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/** What of an instance is put back to how it should be, with what is needed to take that back. */
export type RepairOrder = {
  limits?: { found: Size }
  addresses?: { found: string[] }
  cards?: true
  power?: PowerAction
}

/** @throws NotPossibleNow, InstanceBusy, InstanceSuspended */
export function repair(
  instance: Instance,
  kind: DriftKind,
  { wanted, found }: DriftFacts,
  by: User
): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  const order: RepairOrder = {}
  if (kind === 'limits') order.limits = { found: found!.size! }
  else if (kind === 'addresses') order.addresses = { found: found!.addresses! }
  else if (kind === 'cards') order.cards = true
  else if (kind === 'power') order.power = wanted!.power === 'running' ? 'start' : 'stop'
  else throw new NotPossibleNow()
  return instance.begin(
    { type: 'instance.repair', input: { ...order }, requestedBy: by },
    async (trx) => {
      if (order.power === 'start') await instance.refuseSuspended(trx)
    }
  )
}

/**
 * Makes an instance that is gone once more, empty, of its image: with its name, addresses, ports and limits, and
 * a new root password.
 * @throws ImageGone, InstanceBusy, NotPossibleNow
 */
export async function recreate(instance: Instance, by: User): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  await instance.load('image')
  if (!instance.image || instance.image.missingSince) throw new ImageGone()
  return instance.begin(
    { type: 'instance.recreate', input: { sshKeys: [] }, requestedBy: by },
    async (trx) => {
      await instance.refuseSuspended(trx)
      const password = OneTimeSecret.newPassword()
      const secret = await OneTimeSecret.keep(instance, password, { isOwn: false }, trx)
      return { secretId: secret.id }
    }
  )
}

/**
 * What is becomes what should be: rows only, nothing in the cluster.
 * @throws NotPossibleNow, InstanceBusy, QuotaExceeded, AddressLeased, AddressNotInPool
 */
export async function acceptFound(
  instance: Instance,
  kind: DriftKind,
  { wanted, found }: DriftFacts
): Promise<void> {
  if (!instance.isProvisioned || !found) throw new NotPossibleNow()
  const write = async (accept: (trx: TransactionClientContract) => Promise<unknown>) =>
    transaction(async (trx) => {
      await refuseBusy(instance, trx)
      await accept(trx)
      await DriftFinding.settle(instance, [kind], trx)
      await AuditEvent.record(
        {
          action: 'drift.accepted',
          organizationId: instance.organizationId,
          subject: instance.auditSubject,
          before: told(wanted),
          after: told(found),
        },
        trx
      )
    })
  switch (kind) {
    case 'limits':
      return write((trx) => acceptSize(instance, found.size!, trx))
    case 'power':
      if (found.power !== 'running' && found.power !== 'stopped') throw new NotPossibleNow()
      const power = found.power
      return write(async (trx) => {
        if (power === 'running') await instance.refuseSuspended(trx)
        instance.wantedPower = power
        await instance.useTransaction(trx).save()
      })
    case 'addresses':
      return acceptAddresses(instance, found.addresses!, write)
    case 'missing':
    case 'orphan':
    case 'stranger':
    case 'cards':
    case 'forwards':
      throw new NotPossibleNow()
    default: {
      const never: never = kind
      return never
    }
  }
}

type Write = (accept: (trx: TransactionClientContract) => Promise<unknown>) => Promise<void>

/** Bandwidth that its traffic took away is no bandwidth that somebody changed. */
async function acceptSize(instance: Instance, size: Size, trx: TransactionClientContract) {
  const { ingressMbps, egressMbps, ...rest } = size
  instance.merge(instance.throttledMbps === null ? { ...rest, ingressMbps, egressMbps } : rest)
  await instance.useTransaction(trx).save()
  await reserve(instance, instance, trx)
}

/** Those of a family give way to the one that was found; a family of which none was found keeps its own. */
async function acceptAddresses(instance: Instance, addresses: string[], write: Write) {
  const held = addresses.map((address) => ({
    family: address.includes(':') ? (6 as const) : (4 as const),
    address,
  }))
  const found = await leasable({ id: instance.clusterId }, held)
  if (found.length === 0) throw new AddressNotInPool({ addresses: addresses.join(', ') })
  try {
    await write(async (trx) => {
      for (const { family } of found) {
        await trx
          .from('addresses')
          .where({ instance_id: instance.id, family })
          .whereNull('interface_id')
          .delete()
      }
      await leaseFound(instance, found, trx)
    })
  } catch (error) {
    if (error instanceof AddressLeased || !isUniqueViolation(error)) throw error
    await refuseLeased({ id: instance.clusterId }, found, error)
    throw error
  }
}

/** @throws NotPossibleNow while an operation is open on it: it decides what will be */
async function refuseBusy(instance: Instance, trx: TransactionClientContract): Promise<void> {
  await instance.lock(trx)
  const open = await Operation.query({ client: trx }).where('open_on', openKey(instance.id)).first()
  if (open) throw new NotPossibleNow()
}

function told(side: DriftFacts['found']): Record<string, string | number | null> {
  if (!side) return {}
  return {
    ...side.size,
    ...(side.power && { power: side.power }),
    ...(side.addresses && { addresses: side.addresses.join(', ') }),
  }
}
