import { Refusal } from '../refusal.js'
import { startRefusal } from './containers.js'
import type { Call, Routes } from './route.js'

const STATUS = '/nodes/{node}/lxc/{vmid}/status'

export const POWER: Routes = {
  [`GET ${STATUS}/current`]: ({ given, cluster }) => ({
    ...cluster.guest(given).shownStatus(cluster.node(given.node!).cpus),
    ha: { managed: 0 },
  }),
  [`POST ${STATUS}/start`]: start,
  [`POST ${STATUS}/stop`]: stop,
  [`POST ${STATUS}/shutdown`]: shutdown,
  [`POST ${STATUS}/reboot`]: reboot,
  [`POST ${STATUS}/suspend`]: ({ given, cluster }) => {
    const guest = cluster.guest(given)
    throw new Refusal(
      500,
      guest.isRunning ? 'suspend is not simulated' : `CT ${given.vmid} not running`
    )
  },
}

function start(call: Call): string {
  const { given, cluster } = call
  const guest = cluster.guest(given)
  if (guest.isRunning) throw new Refusal(500, `CT ${given.vmid} already running`)
  return run(call, 'vzstart', cluster.paces.powerMs, {
    fails: () => locked(call) ?? startRefusal(guest, cluster.node(given.node!).bridges),
    done: () => guest.start(),
  })
}

function stop(call: Call): string {
  const { given, cluster } = call
  const guest = running(call)
  const queued = cluster.tasks.list(
    ({ type, id, exitstatus }) => type === 'vzshutdown' && id === given.vmid && exitstatus === null
  )
  if (given['overrule-shutdown'] === '1') for (const task of queued) cluster.tasks.stop(task)
  return run(call, 'vzstop', cluster.paces.powerMs, {
    fails: () => locked(call),
    done: () => guest.stop(),
  })
}

function shutdown(call: Call): string {
  const { given } = call
  const guest = running(call)
  return run(call, 'vzshutdown', patience(call), {
    fails: () =>
      locked(call) ??
      (guest.ignoresShutdown && given.forceStop !== '1' ? 'container did not stop' : null),
    done: () => guest.stop(),
  })
}

function reboot(call: Call): string {
  const guest = running(call, 'VM')
  return run(call, 'vzreboot', patience(call), {
    fails: () => locked(call) ?? (guest.ignoresShutdown ? 'container did not stop' : null),
    done: () => guest.start(),
  })
}

function running({ given, cluster }: Call, word = 'CT') {
  const guest = cluster.guest(given)
  if (!guest.isRunning) throw new Refusal(500, `${word} ${given.vmid} not running`)
  return guest
}

/** Whoever does not listen keeps the worker until its time is over. */
function patience({ given, cluster }: Call): number {
  return cluster.guest(given).ignoresShutdown
    ? Number(given.timeout ?? 60) * 1_000
    : cluster.paces.powerMs
}

function locked({ given, cluster }: Call): string | null {
  const { lock } = cluster.guest(given)
  return lock && given.skiplock !== '1' ? `CT is locked (${lock})` : null
}

function run(
  { given, who, cluster }: Call,
  type: string,
  takesMs: number,
  work: { fails(): string | null; done(): void }
): string {
  return cluster.run(who, { type, node: given.node!, id: given.vmid!, takesMs, ...work })
}
