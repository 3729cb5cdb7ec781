import { DriverError } from '#drivers/errors'
import type Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import { spareNumbered } from '#models/instance_number'
import OneTimeSecret from '#models/one_time_secret'
import PortForward from '#models/port_forward'
import Snapshot from '#models/snapshot'
import { transaction } from '#models/concerns/transaction'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { destroyRemote } from '#operations/create_instance'
import { defineOperation, type StepContext } from '#operations/definition'
import { build, setCredentials, verify, type Credentials } from '#operations/steps/build'
import { provideConsoleAccount } from '#operations/steps/console_account'
import { plugAll } from '#operations/steps/interfaces'
import { observe, start, stopFirmly } from '#operations/steps/power'

/** What an instance is in its cluster. */
type Body = Pick<Instance, 'ref' | 'imageId'>

export type ReinstallInstance = Credentials & {
  /** `ref` null: the cluster numbers its instances; the new one has a second number until the first is free. */
  next: { ref: string | null; imageId: Instance['imageId'] }
  previous: Body
  wasRunning: boolean
  /** A port to SSH it had before stays when this is taken back. */
  hadSshPort: boolean
}

type Context = StepContext<ReinstallInstance>

/**
 * A new one is built beside the old one and takes its place: card, addresses, forwards. The old one is only
 * stopped and set aside, and is removed when the new one can be reached; until then it can take its place again.
 * Where instances have numbers, the new one then gets the old one's: it is copied there, and the copy goes on.
 */
export default defineOperation<ReinstallInstance>({
  type: 'instance.reinstall',
  steps: [
    { name: 'reserve_port', run: reservePort, undo: releasePort },
    { name: 'create', run: buildNext, undo: destroyNext },
    { name: 'unforward', run: (context) => dropForwards(context), undo: forwardToOld },
    { name: 'stop', run: stopOld, undo: startOldAgain },
    { name: 'set_aside', run: retireOld, undo: recallOld },
    { name: 'replace', run: replace, undo: putBack },
    { name: 'start', run: startNext },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'set_credentials', run: setCredentials },
    { name: 'verify', run: verify },
    { name: 'remove_old', run: removeOld, goesOn: true },
    { name: 'keep_number', run: keepNumber },
    { name: 'start_again', run: startUnderNumber },
  ],
  async close({ operation, instance }, ending, trx) {
    const { secretId, sshKeys } = operation.input as ReinstallInstance
    if (ending !== 'succeeded') {
      await trx.from('one_time_secrets').where('id', secretId).delete()
      return
    }
    await OneTimeSecret.applied(instance, secretId, trx)
    await Snapshot.forgetAll(instance, trx)
    await InstanceKey.keep(instance, sshKeys, operation.requestedById, trx)
    const forwards = await trx.from('port_forwards').where('instance_id', instance.id).select('id')
    await PortForward.markApplied(
      forwards.map(({ id }) => id),
      trx
    )
  },
})

async function reservePort({ instance }: Context) {
  await PortForward.reserveSsh(instance)
}

async function releasePort(context: Context) {
  if (context.input.hadSshPort) return
  const reserved = await PortForward.query().where('ssh_of_id', context.instance.id).select('id')
  const ids = reserved.map(({ id }) => id)
  if (ids.length === 0) return
  await dropForwards(context, ids)
  await transaction((trx) => PortForward.release(ids, trx))
}

async function buildNext(context: Context) {
  const { input, instance, driver } = context
  const { ref, imageId } = input.next
  if (ref !== null) return build(context, { ref, imageId })
  if (!driver.refRange) throw new DriverError('unsupported', 'this cluster numbers no instances')
  await spareNumbered(instance, driver.refRange, (spareRef) =>
    build(context, { ref: spareRef, imageId })
  )
}

async function destroyNext(context: Context) {
  const { instance } = context
  const ref = nextRefOf(context)
  if (ref !== null) await destroyRemote(context, ref)
  if (instance.spareRef !== null) await instance.merge({ spareRef: null }).save()
}

/** Of two numbers the one that is not the old one's; null: there is none (any more). */
function nextRefOf({ input, instance }: Context): string | null {
  if (input.next.ref !== null) return input.next.ref
  return instance.ref === input.previous.ref ? instance.spareRef : instance.ref
}

async function forwardToOld(context: Context) {
  if (await isThere(context)) await carryForwards(context)
}

/** One that somebody removed behind our back is stopped enough. */
async function stopOld(context: Context) {
  if (await isThere(context)) await stopFirmly(context)
}

/** No cluster starts one of two with the same address: the new one goes first. */
async function startOldAgain(context: Context) {
  await destroyNext(context)
  if (!context.input.wasRunning || !(await isThere(context))) return
  await start(context)
  await observe(context)
}

async function retireOld({ input, instance, driver, settle }: Context) {
  await settle(await driver.replacement!.retire(input.previous.ref, instance.uid))
}

async function recallOld(context: Context) {
  const { input, instance, driver, settle } = context
  await destroyNext(context)
  await settle(await driver.replacement!.recall(input.previous.ref, instance.uid))
}

/** From now on the new one is the instance. */
async function replace(context: Context) {
  const { input, instance } = context
  const ref = nextRefOf(context)!
  const spareRef = input.next.ref === null ? input.previous.ref : null
  await instance.merge({ ref, spareRef, imageId: input.next.imageId }).save()
}

/** With the further cards of the old one, which has none since it was set aside. */
async function startNext(context: Context) {
  await plugAll(context)
  await start(context)
}

async function putBack(context: Context) {
  const { input, instance } = context
  const spareRef = input.next.ref === null ? nextRefOf(context) : null
  await instance.merge({ ...input.previous, spareRef }).save()
}

async function removeOld({ input, instance, driver, settle }: Context) {
  if (instance.ref === input.previous.ref) return
  await settle(await driver.instances.destroy(input.previous.ref, instance.uid))
}

/**
 * What the new one is copied of stays until the copy runs. When the number cannot be had, for somebody took it or
 * there is no room for two, it goes on under its own.
 */
async function keepNumber(context: Context) {
  const { input, instance } = context
  const { ref } = input.previous
  if (input.next.ref !== null || instance.spareRef === null || instance.ref === ref) return
  try {
    await copyToNumber(context)
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    // Nobody waits for a number without a machine.
    await start(context)
    if (error.retryable) throw error
    await context.progress(`it keeps the number ${instance.ref}: ${error.message}`)
    await instance.merge({ spareRef: null }).save()
    return
  }
  await instance.merge({ ref, spareRef: instance.ref }).save()
}

async function copyToNumber(context: Context) {
  const { input, instance, driver, settle } = context
  const { ref: number } = input.previous
  const { replacement } = driver
  if (!replacement?.copy) throw new DriverError('unsupported', 'this cluster copies no instances')
  await stopFirmly(context)
  const { ref, uid, macAddress } = instance
  await settle(await replacement.copy(ref, uid, number, macAddress))
}

async function startUnderNumber(context: Context) {
  const { input, instance } = context
  if (input.next.ref !== null || instance.spareRef === null) return
  await start(context)
  await verify(context, 'start_again')
  await destroyRemote(context, instance.spareRef)
  // Its right went with the guest that had the number before.
  await provideConsoleAccount(context)
  await instance.merge({ spareRef: null }).save()
}

async function isThere({ input, driver }: Context): Promise<boolean> {
  return (await driver.instances.find(input.previous.ref)) !== null
}
