import { defineOperation } from '#operations/definition'
import { observe, start } from '#operations/steps/power'

type UnsuspendInstance = Record<string, never>

/**
 * Starts what ran before it was suspended. The suspension is lifted whether that succeeds or not: who paid may
 * start it, and taking the start back would only stop it again.
 */
export default defineOperation<UnsuspendInstance>({
  type: 'instance.unsuspend',
  steps: [
    { name: 'start', run: start },
    { name: 'observe', run: observe },
  ],
})
