import PortForward from '#models/port_forward'
import { carryForwards, dropForwards } from '#operations/carry_forwards'
import { defineOperation } from '#operations/definition'

export type CreatePortForward = { forwardIds: number[]; told: string[]; orders: unknown[] }

/** The ports are leased when it is asked for; here they come to lead to the instance. */
export default defineOperation<CreatePortForward>({
  type: 'port_forward.create',
  steps: [
    {
      name: 'forward',
      run: (context) => carryForwards(context, context.input.forwardIds),
      undo: (context) => dropForwards(context, context.input.forwardIds),
    },
  ],
  async close({ operation }, ending, trx) {
    const ids = operation.input.forwardIds as number[]
    if (ending === 'succeeded') await PortForward.markApplied(ids, trx)
    else await PortForward.release(ids, trx)
  },
})
