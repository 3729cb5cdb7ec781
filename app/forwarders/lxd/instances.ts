import { list, record } from '#drivers/json'
import { at, type LxdClient, type LxdReply } from '#drivers/lxd/client'
import { DriverError } from '#drivers/errors'
import { explain } from '#drivers/lxd/errors'
import { firstNic, parseInstance, type LxdDevices, type LxdInstance } from '#drivers/lxd/instance'
import { text } from '#drivers/json'

/** A process of LXD listens and hands its socket over. Now and then all that is told is that none came. */
const CANNOT_LISTEN = /address already in use|failed to receive fd from listener process/i

/** An instance, as far as its forwards go. */
export type Host = {
  ref: string
  /** The network that LXD manages and that its card is plugged into; null: none. */
  network: string | null
  /** The member of an LXD cluster on which it lives; null: no cluster. */
  member: string | null
  devices: LxdDevices
}

const WAIT_SECONDS = 30

export async function readInstance(client: LxdClient, ref: string): Promise<Host | null> {
  const reply = await client.find(at('instances', ref))
  return reply && toHost(parseInstance(reply.metadata))
}

export async function readInstances(client: LxdClient): Promise<Map<string, Host>> {
  await client.requireProject()
  const reply = await client.get(at('instances'), {
    query: { recursion: '1' },
    timeoutMs: 60_000,
  })
  const hosts = list(reply.metadata).map((instance) => toHost(parseInstance(instance)))
  return new Map(hosts.map((host) => [host.ref, host]))
}

/** Follows what LXD does in the background to its end. */
export async function finished(client: LxdClient, { operationId }: LxdReply): Promise<void> {
  if (operationId === null) return
  const reply = await client.find(at('operations', operationId, 'wait'), {
    query: { timeout: String(WAIT_SECONDS) },
    timeoutMs: (WAIT_SECONDS + 5) * 1_000,
  })
  // Forgotten: it ended more than five seconds ago. What it left is looked at by whoever comes next.
  if (reply === null) throw new DriverError('task_lost', 'the cluster forgot what it was doing')
  const operation = record(reply.metadata)
  const code = Number(operation.status_code)
  if (code === 200) return
  if (code < 400) throw new DriverError('timeout', 'the cluster has not finished in time')
  const said = text(operation.err) ?? ''
  if (CANNOT_LISTEN.test(said)) {
    throw new DriverError('already_exists', 'another program listens on that port of the node')
  }
  const { kind, reason } = explain(said)
  throw new DriverError(kind ?? 'task_failed', reason)
}

function toHost(instance: LxdInstance): Host {
  return {
    ref: instance.ref,
    network: firstNic(instance)?.device?.network ?? null,
    member: instance.location,
    devices: instance.devices,
  }
}
