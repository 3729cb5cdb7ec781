import type Instance from '#models/instance'
import type Membership from '#models/membership'
import type Operation from '#models/operation'
import type User from '#models/user'
import { NotSuspended } from '#exceptions/domain_error'
import type { BatchDeed, BatchInput, Role } from '#models/types'

export type BatchOrder = { by: User; requestKey: string; input: BatchInput }

type Rule = {
  /** The least role that may ask for it; null: staff only. */
  role: Role | null
  /** The same call as the single deed's. null: there is nothing to do. */
  act(instance: Instance, order: BatchOrder): Promise<Operation | null>
}

const power = (action: 'start' | 'stop' | 'restart'): Rule => ({
  role: 'operator',
  act: (instance, { by, requestKey }) => instance.power(action, by, requestKey),
})

/** What can be asked for many at once, of whom, and how it is done to one. */
export const RULES: Record<BatchDeed, Rule> = {
  start: power('start'),
  stop: power('stop'),
  restart: power('restart'),
  snapshot: {
    role: 'operator',
    async act(instance, { by, requestKey }) {
      const { operation } = await instance.snapshot({ by, requestKey })
      return operation
    },
  },
  suspend: {
    role: null,
    async act(instance, { by, requestKey, input }) {
      const order = { by, requestKey, note: input.note }
      const { operation } = await instance.suspend(input.reason!, order)
      return operation
    },
  },
  unsuspend: {
    role: null,
    async act(instance, { by, requestKey, input }) {
      try {
        const { operation } = await instance.unsuspend(input.reason!, { by, requestKey })
        return operation
      } catch (error) {
        // It is as it should be, whoever lifted it.
        if (error instanceof NotSuspended) return null
        throw error
      }
    },
  },
  delete: {
    role: 'admin',
    act: (instance, { by, requestKey }) => instance.destroy(by, requestKey),
  },
}

/** `membership` null: over all organizations, as staff do. */
export function mayAsk(deed: BatchDeed, user: User, membership: Membership | null): boolean {
  if (!membership) return user.isStaffOf('operator')
  const { role } = RULES[deed]
  return role !== null && membership.isAtLeast(role)
}
