import PortForward from '#models/port_forward'
import { dropForwards } from '#operations/carry_forwards'
import { defineOperation } from '#operations/definition'

export type DeletePortForward = { forwardIds: number[]; told: string[] }

/** Goes on until it is done. A port is free only when nothing leads through it any more. */
export default defineOperation<DeletePortForward>({
  type: 'port_forward.delete',
  goesOn: true,
  steps: [{ name: 'unforward', run: (context) => dropForwards(context, context.input.forwardIds) }],
  async close({ operation }, ending, trx) {
    if (ending === 'succeeded') {
      await PortForward.release(operation.input.forwardIds as number[], trx)
    }
  },
})
