import logger from '@adonisjs/core/services/logger'
import { DriverError } from '#drivers/errors'
import { NotPossibleNow } from '#exceptions/domain_error'
import type Instance from '#models/instance'
import type { DeedOrder } from '#models/instance'
import type Operation from '#models/operation'
import type { OperationType } from '#models/types'

const STARTING: readonly OperationType[] = [
  'instance.power',
  'instance.unsuspend',
  'instance.rescue',
  'snapshot.restore',
]

/**
 * The start that failed, when nothing has started it since; null: there is nothing to rescue. Needs `operations`, newest first.
 */
export function failedStart({ operations, phase }: Instance): Operation | null {
  if (phase !== 'stopped' && phase !== 'unknown') return null
  const last = operations.find(
    ({ type, input }) =>
      STARTING.includes(type) && !['stop', 'force_stop'].includes(String(input.action))
  )
  return last?.state === 'failed' ? last : null
}

/** What its cluster says of the last start; null: it says nothing, or does not answer. Needs `cluster`. */
export async function startLog(instance: Instance): Promise<string[] | null> {
  if (instance.cluster.status === 'offline') return null
  const driver = await instance.cluster.openDriver()
  try {
    return (await driver.diagnosis?.startLog(instance.ref)) ?? null
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    logger.warn({ err: error, instance: instance.uid }, 'no start log')
    return null
  } finally {
    await driver.close()
  }
}

/** Applies again what it was sold, and starts it. @throws InstanceSuspended, InstanceBusy, NotPossibleNow */
export async function rescue(
  instance: Instance,
  { by, requestKey }: DeedOrder
): Promise<Operation> {
  if (!instance.isProvisioned) throw new NotPossibleNow()
  return instance.begin({ type: 'instance.rescue', requestedBy: by, requestKey }, (trx) =>
    instance.refuseSuspended(trx)
  )
}
