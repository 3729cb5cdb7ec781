import { DateTime } from 'luxon'
import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { macFor } from '#addressing/mac'
import { DriverError } from '#drivers/errors'
import type { RemoteInstance, SpecAddress } from '#drivers/contract'
import { holdMs } from '#config/operations'
import { WaitLonger } from '#drivers/settle'
import { NoFreeAddress } from '#exceptions/domain_error'
import { defineOperation, type StepContext } from '#operations/definition'
import Address from '#models/address'
import AddressPool from '#models/address_pool'
import Image from '#models/image'
import type Instance from '#models/instance'
import Node from '#models/node'
import OneTimeSecret from '#models/one_time_secret'
import PortForward from '#models/port_forward'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { chooseNode } from '#operations/choose_node'

export type CreateInstance = {
  /** 4, 6 or both: one address each. */
  families: (4 | 6)[]
  secretId: number
  sshKeys: string[]
}

type Context = StepContext<CreateInstance>

/** How long a guest may take until it carries its address. */
const VERIFY_MS = 90_000

export default defineOperation<CreateInstance>({
  type: 'instance.create',
  steps: [
    { name: 'choose_node', run: chooseNodeStep, undo: leaveNode },
    { name: 'reserve_address', run: reserveAddresses, undo: releaseAddresses },
    { name: 'reserve_port', run: reservePort, undo: releasePorts },
    { name: 'create', run: createRemote, undo: destroyRemote },
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

async function createRemote({ instance, cluster, driver, settle }: Context) {
  const image = await Image.findOrFail(instance.imageId)
  const node = instance.nodeId ? await Node.findOrFail(instance.nodeId) : null
  const addresses = await Address.query()
    .where('instance_id', instance.id)
    .preload('addressPool')
    .orderBy('family')
  const ipv4 = addresses.find(({ family }) => family === 4)
  const spec: SpecAddress[] = addresses.map(({ family, address, addressPool }) => ({
    family,
    address,
    prefixLength: addressPool.prefixLength,
    gateway: addressPool.gateway,
  }))
  await settle(
    await driver.instances.create({
      ref: instance.ref,
      stamp: instance.uid,
      kind: instance.kind,
      node: node?.ref ?? null,
      image: image.ref,
      size: instance.size,
      storagePool: cluster.settings.storagePool ?? 'default',
      network: addresses[0]?.addressPool.network ?? 'default',
      addresses: spec,
      nameservers: addresses[0]?.addressPool.nameserverList ?? [],
      macAddress: instance.macAddress ?? (ipv4 ? macFor(ipv4.addressKey) : null),
    })
  )
}

async function destroyRemote({ instance, driver, settle }: Context) {
  try {
    await settle(await driver.instances.destroy(instance.ref, instance.uid))
  } catch (error) {
    // The name was somebody else's from the start: what is not ours is not ours to remove.
    if (error instanceof DriverError && error.kind === 'already_exists') return
    throw error
  }
}

async function start({ instance, driver, settle }: Context) {
  await settle(await driver.instances.power(instance.ref, 'start'))
}

async function setCredentials({ input, instance, driver }: Context) {
  if (!driver.credentials) return
  const secret = await OneTimeSecret.findOrFail(input.secretId)
  await driver.credentials.setRootPassword(instance.ref, secret.value())
  if (input.sshKeys.length > 0) {
    await driver.credentials.authorizeKeys(instance.ref, input.sshKeys)
  }
}

/** It runs and carries the addresses that were reserved for it: somebody can reach it. */
async function verify({ operation, instance, driver, signal }: Context) {
  const wanted = await Address.query().where('instance_id', instance.id).where('family', 4)
  const begun = operation.steps.find(({ name }) => name === 'verify')!.startedAt
  const hold = Date.now() + holdMs
  for (let pauseMs = 40; ; pauseMs = Math.min(pauseMs * 1.2, 1_000)) {
    const remote = await driver.instances.find(instance.ref)
    if (!remote) throw new DriverError('task_failed', 'the instance disappeared while it started')
    const carried = new Set(remote.addresses.map(({ address }) => address))
    if (remote.power === 'running' && wanted.every(({ address }) => carried.has(address))) {
      instance.powerState = 'running'
      instance.macAddress = remote.macAddress
      instance.observedAt = DateTime.utc()
      await instance.save()
      return
    }
    if (remote.power === 'stopped') {
      throw new DriverError('task_failed', 'the instance stopped by itself right after its start')
    }
    if (Date.now() > Date.parse(begun) + VERIFY_MS) throw unreachable(remote)
    if (Date.now() > hold) throw new WaitLonger(2_000)
    await sleep(pauseMs, undefined, { signal })
  }
}

function unreachable({ addresses }: RemoteInstance): DriverError {
  const [other] = addresses.filter(({ family }) => family === 4)
  return new DriverError(
    'task_failed',
    other
      ? `the network gave the instance ${other.address} and not the address that was reserved for it`
      : 'the instance started, but its network did not come up'
  )
}
