import type Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import OneTimeSecret from '#models/one_time_secret'
import PortForward from '#models/port_forward'
import Snapshot from '#models/snapshot'
import { transaction } from '#models/concerns/transaction'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { defineOperation, type StepContext } from '#operations/definition'
import { build, setCredentials, verify, type Credentials } from '#operations/steps/build'
import { observe, start, stopFirmly } from '#operations/steps/power'

/** What an instance is in its cluster. */
type Body = Pick<Instance, 'ref' | 'imageId'>

export type ReinstallInstance = Credentials & {
  next: Body
  previous: Body
  wasRunning: boolean
  /** A port to SSH it had before stays when this is taken back. */
  hadSshPort: boolean
}

type Context = StepContext<ReinstallInstance>

/**
 * A new one is built beside the old one and takes its place: card, addresses, forwards. The old one is only
 * stopped and set aside, and is removed when the new one can be reached; until then it can take its place again.
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
    { name: 'start', run: start },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'set_credentials', run: setCredentials },
    { name: 'verify', run: verify },
    { name: 'remove_old', run: removeOld, goesOn: true },
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
  await build(context, context.input.next)
}

async function destroyNext({ input, instance, driver, settle }: Context) {
  await settle(await driver.instances.destroy(input.next.ref, instance.uid))
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
async function replace({ input, instance }: Context) {
  await instance.merge(input.next).save()
}

async function putBack({ input, instance }: Context) {
  await instance.merge(input.previous).save()
}

async function removeOld({ input, instance, driver, settle }: Context) {
  await settle(await driver.instances.destroy(input.previous.ref, instance.uid))
}

async function isThere({ input, driver }: Context): Promise<boolean> {
  return (await driver.instances.find(input.previous.ref)) !== null
}
