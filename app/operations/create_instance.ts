import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DriverError } from '#drivers/errors'
import { NoFreeAddress } from '#exceptions/domain_error'
import { defineOperation, type StepContext } from '#operations/definition'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import type Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import OneTimeSecret from '#models/one_time_secret'
import PortForward from '#models/port_forward'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { chooseNode } from '#operations/choose_node'
import { build, setCredentials, verify } from '#operations/steps/build'
import { start } from '#operations/steps/power'

export type CreateInstance = {
  /** 4, 6 or both: one address each. */
  families: (4 | 6)[]
  secretId: number
  sshKeys: string[]
}

type Context = StepContext<CreateInstance>

export default defineOperation<CreateInstance>({
  type: 'instance.create',
  steps: [
    { name: 'choose_node', run: chooseNodeStep, undo: leaveNode },
    { name: 'reserve_address', run: reserveAddresses, undo: releaseAddresses },
    { name: 'reserve_port', run: reservePort, undo: releasePorts },
    { name: 'create', run: (context) => build(context, context.instance), undo: destroyRemote },
    { name: 'start', run: start },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'set_credentials', run: setCredentials },
    { name: 'verify', run: verify },
  ],
  async close({ operation, instance }, ending, trx) {
    if (ending === 'succeeded') {
      instance.provisionedAt = DateTime.utc()
      instance.failedAt = null
      await OneTimeSecret.applied(instance, operation.input.secretId as number, trx)
      const keys = operation.input.sshKeys as string[]
      await InstanceKey.keep(instance, keys, operation.requestedById, trx)
      await trx
        .from('addresses')
        .where('instance_id', instance.id)
        .update({ assigned_at: sqlTime(DateTime.utc()) })
      const forwards = await trx
        .from('port_forwards')
        .where('instance_id', instance.id)
        .select('id')
      await PortForward.markApplied(
        forwards.map(({ id }) => id),
        trx
      )
    } else {
      instance.failedAt = DateTime.utc()
      await instance.giveBackQuota(trx)
    }
    await instance.save()
  },
})

async function chooseNodeStep({ instance, cluster }: Context) {
  if (instance.nodeId === null) await chooseNode(cluster, instance)
}

async function leaveNode({ instance }: Context) {
  instance.nodeId = null
  await instance.save()
}

async function reserveAddresses({ input, instance }: Context) {
  for (const family of input.families) {
    const before = await addressIds(instance, family, db)
    if (before.length === 0) await leaseFromAnyPool(instance, family)
    const held = await addressIds(instance, family, db)
    if (held.length > 1) await transaction((trx) => keepOne(instance, family, trx))
  }
}

async function leaseFromAnyPool(instance: Instance, family: 4 | 6): Promise<Address> {
  const pools = await AddressPool.query()
    .where('cluster_id', instance.clusterId)
    .where('family', family)
    .whereNull('closed_at')
    .orderBy('id')
  for (const pool of pools) {
    try {
      return await pool.lease(instance)
    } catch (error) {
      if (!(error instanceof NoFreeAddress) || pool === pools.at(-1)) throw error
    }
  }
  throw new DriverError('out_of_capacity', `no open IPv${family} pool on this cluster`)
}

/** A runner that was thought dead may have reserved another beside us: both end with the same one. */
async function keepOne(instance: Instance, family: 4 | 6, trx: TransactionClientContract) {
  await trx.from('instances').where('id', instance.id).forUpdate().select('id')
  const [, ...surplus] = await addressIds(instance, family, trx)
  await trx.from('addresses').whereIn('id', surplus).delete()
}

async function addressIds(
  instance: Instance,
  family: 4 | 6,
  client: Pick<TransactionClientContract, 'from'>
): Promise<number[]> {
  const rows = await client
    .from('addresses')
    .where({ instance_id: instance.id, family })
    .orderBy('id')
    .select('id')
  return rows.map(({ id }) => id)
}

async function releaseAddresses({ instance }: Context) {
  await Address.query().where('instance_id', instance.id).delete()
}

/** The way in from outside, where the cluster gives ports. */
async function reservePort({ instance }: Context) {
  await PortForward.reserveSsh(instance)
}

async function releasePorts({ instance }: Context) {
  const forwards = await PortForward.query().where('instance_id', instance.id).select('id')
  await transaction((trx) =>
    PortForward.release(
      forwards.map(({ id }) => id),
      trx
    )
  )
}

export async function destroyRemote<Input>({ instance, driver, settle }: StepContext<Input>) {
  try {
    await settle(await driver.instances.destroy(instance.ref, instance.uid))
  } catch (error) {
    // The name was somebody else's from the start: what is not ours is not ours to remove.
    if (error instanceof DriverError && error.kind === 'already_exists') return
    throw error
  }
}
