import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { byNetwork } from '#addressing/networks'
import type { IpFamily } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { NoFreeAddress } from '#exceptions/domain_error'
import { defineOperation, type StepContext } from '#operations/definition'
import Address from '#models/address'
import AddressPool, { AlreadyLeased } from '#models/address_pool'
import Backup from '#models/backup'
import Image from '#models/image'
import type Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import { giveBackNumber, numbered } from '#models/instance_number'
import OneTimeSecret from '#models/one_time_secret'
import PortForward from '#models/port_forward'
import { sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { chooseNode } from '#operations/choose_node'
import { build, setCredentials, verify } from '#operations/steps/build'
import { withdrawConsoleAccount } from '#operations/steps/console_account'
import { start } from '#operations/steps/power'
import { removeUnpacked, unpack } from '#operations/steps/unpack'

export type CreateInstance = {
  /** 4, 6 or both: one address each. */
  families: IpFamily[]
  secretId: number
  sshKeys: string[]
  /** Made of this one's archive, not of the image. */
  backupId?: number
}

type Context = StepContext<CreateInstance>

export default defineOperation<CreateInstance>({
  type: 'instance.create',
  steps: [
    { name: 'choose_node', run: chooseNodeStep, undo: leaveNode },
    { name: 'reserve_address', run: reserveAddresses, undo: releaseAddresses },
    { name: 'reserve_port', run: reservePort, undo: releasePorts },
    { name: 'create', run: create, undo: destroyCreated },
    { name: 'start', run: start },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'set_credentials', run: setItsCredentials },
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

async function chooseNodeStep(context: Context) {
  const { instance, cluster } = context
  if (instance.nodeId === null) await chooseNode(cluster, instance, await ableNodes(context))
}

/** Those that have what it is made of, where nodes differ in that; null: all have. */
async function ableNodes({ input, instance, cluster, driver }: Context): Promise<string[] | null> {
  if (!driver.nodes.able) return null
  const { ref: image } = await Image.findOrFail(instance.imageId)
  const backup = input.backupId ? await Backup.find(input.backupId) : null
  return driver.nodes.able({
    image,
    keptAs: backup?.keptAs ?? null,
    storagePool: cluster.settings.storagePool ?? 'default',
    diskGib: instance.diskGib,
  })
}

/** What comes out of an archive keeps its own password where the cluster takes none later: a new one would be a lie. */
async function setItsCredentials(context: Context) {
  const { input, driver } = context
  await setCredentials(context)
  if (!input.backupId || driver.credentials) return
  await OneTimeSecret.query().where('id', input.secretId).delete()
}

async function leaveNode({ instance }: Context) {
  instance.nodeId = null
  await instance.save()
}

/** All on one network: an instance has one card. */
async function reserveAddresses({ input, instance }: Context) {
  for (;;) {
    const held = await transaction((trx) => keepOneOfEach(instance, trx))
    const missing = input.families.filter(
      (family) => !held.some((lease) => lease.family === family)
    )
    if (missing.length === 0) return
    const network = held[0]?.network ?? null
    try {
      await leaseTogether(instance, { families: input.families, missing, network })
    } catch (error) {
      if (!(error instanceof AlreadyLeased)) throw error
    }
  }
}

type Lease = { id: number; family: IpFamily; network: string }

/** A runner that was thought dead may reserve beside us: both end with the same ones, those that came first. */
async function keepOneOfEach(instance: Instance, trx: TransactionClientContract): Promise<Lease[]> {
  await trx.from('instances').where('id', instance.id).forUpdate().select('id')
  const leases: Lease[] = await trx
    .from('addresses')
    .join('address_pools', 'address_pools.id', 'addresses.address_pool_id')
    .where('addresses.instance_id', instance.id)
    .orderBy('addresses.id')
    .select('addresses.id', 'addresses.family', 'address_pools.network')
  const kept = leases.filter(
    ({ family, network }, index) =>
      network === leases[0]!.network &&
      leases.findIndex((lease) => lease.family === family && lease.network === network) === index
  )
  const surplus = leases.filter((lease) => !kept.includes(lease)).map(({ id }) => id)
  await trx.from('addresses').whereIn('id', surplus).delete()
  return kept
}

/** From the first network that has one of each left. `network`: where it holds others already. */
async function leaseTogether(
  instance: Instance,
  wish: { families: IpFamily[]; missing: IpFamily[]; network: string | null }
): Promise<void> {
  const pools = await AddressPool.forNew([instance.clusterId]).whereIn('family', wish.families)
  const suited = byNetwork(pools).filter(
    ([pool, ...more]) =>
      (wish.network === null || pool!.network === wish.network) &&
      wish.families.every((wanted) => [pool!, ...more].some(({ family }) => family === wanted))
  )
  for (const together of suited) {
    const leased: Address[] = []
    try {
      for (const family of wish.missing) {
        leased.push(
          await leaseFromAny(
            together.filter((pool) => pool.family === family),
            instance
          )
        )
      }
      return
    } catch (error) {
      if (!(error instanceof NoFreeAddress) || together === suited.at(-1)) throw error
      await giveBack(instance, leased)
    }
  }
  const families = wish.families.map((family) => `IPv${family}`).join(' and ')
  throw new DriverError(
    'out_of_capacity',
    `no network of this cluster has open pools of ${families}`
  )
}

/** Unless a runner beside us has built on them. */
async function giveBack(instance: Instance, leased: Address[]): Promise<void> {
  const ids = leased.map(({ id }) => id)
  await transaction(async (trx) => {
    await trx.from('instances').where('id', instance.id).forUpdate().select('id')
    const others = await trx
      .from('addresses')
      .where('instance_id', instance.id)
      .whereNotIn('id', ids)
      .first()
    if (!others) await trx.from('addresses').whereIn('id', ids).delete()
  })
}

async function leaseFromAny(pools: AddressPool[], instance: Instance): Promise<Address> {
  for (const pool of pools.slice(0, -1)) {
    try {
      return await pool.lease(instance)
    } catch (error) {
      if (!(error instanceof NoFreeAddress)) throw error
    }
  }
  return pools.at(-1)!.lease(instance)
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

async function create(context: Context) {
  const { instance, driver } = context
  await numbered(instance, driver.refRange, () =>
    context.input.backupId ? unpack(context) : build(context, instance)
  )
}

async function destroyCreated(context: Context) {
  if (context.input.backupId) await removeUnpacked(context)
  await destroyRemote(context)
  await withdrawConsoleAccount(context)
  await giveBackNumber(context.instance)
}

export async function destroyRemote<Input>(
  { instance, driver, settle }: StepContext<Input>,
  ref = instance.ref
) {
  try {
    await settle(await driver.instances.destroy(ref, instance.uid))
  } catch (error) {
    // The name was somebody else's from the start: what is not ours is not ours to remove.
    if (error instanceof DriverError && error.kind === 'already_exists') return
    throw error
  }
}
