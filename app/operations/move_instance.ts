import type { MovesApi, RemoteInstance } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import Node from '#models/node'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { defineOperation, type StepContext } from '#operations/definition'
import { verify } from '#operations/steps/build'
import { observe, remoteOrFail, start, stopFirmly } from '#operations/steps/power'

/** Nodes by their ids. */
export type MoveInstance = { from: number; to: number; wasRunning: boolean }

type Context = StepContext<MoveInstance>

/** Stopped, carried over with all it has, and started there; what fails brings it back to where it was. */
export default defineOperation<MoveInstance>({
  type: 'instance.move',
  steps: [
    { name: 'check_target', run: checkTarget },
    { name: 'unforward', run: (context) => dropForwards(context), undo: forwardAgain },
    { name: 'stop', run: stopFirmly, undo: startAgain },
    { name: 'move', run: moveThere, undo: moveBack },
    { name: 'limit', run: limit },
    { name: 'start_again', run: startThere },
    {
      name: 'forward',
      run: (context) => carryForwards(context),
      undo: (context) => dropForwards(context),
    },
    { name: 'verify', run: verifyThere },
  ],
  async close({ operation, instance }, ending, trx) {
    const { to } = operation.input as MoveInstance
    const nodeId = ending === 'succeeded' ? to : instance.nodeId
    await instance.useTransaction(trx).merge({ nodeId, movingToId: null }).save()
  },
})

/** What the rows say of it may be a minute old: the cluster is asked. */
async function checkTarget({ input, driver }: Context) {
  const { ref, name } = await Node.findOrFail(input.to)
  const nodes = await driver.nodes.list()
  const target = nodes.find((node) => node.ref === ref)
  if (!target?.online) throw new DriverError('task_failed', `node ${name} does not answer`)
}

async function moveThere(context: Context) {
  await move(context, context.input.to)
}

/** Whatever became of it there, also when it runs there already. */
async function moveBack(context: Context) {
  const remote = await find(context)
  if (remote?.power === 'running') await stopFirmly(context)
  try {
    await move(context, context.input.from)
  } catch (error) {
    // Gone altogether: there is nothing to take back.
    if (!(error instanceof DriverError) || error.kind !== 'not_found') throw error
  }
}

async function move({ instance, driver, settle }: Context, nodeId: number) {
  const { ref } = await Node.findOrFail(nodeId)
  await settle(await movesOf(driver).move(instance.ref, instance.uid, ref))
}

/** Limits are the row's, whatever came over. */
async function limit({ instance, driver, settle }: Context) {
  await settle(await driver.instances.resize(instance.ref, instance.size))
}

async function startThere(context: Context) {
  if (context.input.wasRunning) await start(context)
}

async function verifyThere(context: Context) {
  if (context.input.wasRunning) await verify(context)
  else await observe(context)
  const { ref, name } = await Node.findOrFail(context.input.to)
  const { node } = await remoteOrFail(context)
  if (node !== ref) throw new DriverError('task_failed', `the instance is not on node ${name}`)
}

async function startAgain(context: Context) {
  if (!context.input.wasRunning || !(await find(context))) return
  await start(context)
  await observe(context)
}

async function forwardAgain(context: Context) {
  if (await find(context)) await carryForwards(context)
}

function find({ instance, driver }: Context): Promise<RemoteInstance | null> {
  return driver.instances.find(instance.ref)
}

/** @throws DriverError unsupported: the cluster could when it was asked for, and cannot any more */
function movesOf({ moves }: Context['driver']): MovesApi {
  if (moves) return moves
  throw new DriverError('unsupported', 'this cluster moves no instances')
}
