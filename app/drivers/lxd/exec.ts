import type { RawData, WebSocket } from 'ws'
import { DriverError } from '#drivers/errors'
import { number, record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { explain } from '#drivers/lxd/errors'

/** LXD gives up on a command whose four streams are not connected within 5 s. */
const CONNECT_MS = 4_500
const RUN_SECONDS = 30
const LONGEST_STDERR = 4_096

/**
 * Runs a short command in a running instance, with `stdin` as its input: argv and environment can be read
 * in LXD's list of operations, the input cannot. What it prints is not kept, only its complaints.
 */
export async function runCommand(
  client: LxdClient,
  ref: string,
  command: string[],
  stdin: string
): Promise<{ code: number; stderr: string }> {
  const { metadata, operationId } = await client.request('POST', at('instances', ref, 'exec'), {
    body: { json: { command, 'interactive': false, 'wait-for-websocket': true } },
  })
  const secrets = record(record(record(metadata).metadata).fds)
  if (operationId === null) throw new DriverError('task_failed', 'the command was not started')
  const open = (fd: string) => client.stream(operationId, text(secrets[fd]) ?? '', CONNECT_MS)
  // First, for with the others the command begins: one that is quick would be over before this one is open.
  const opening = [open('control')]
  try {
    await opening[0]
    opening.push(open('0'), open('1'), open('2'))
    const [, input, , errors] = await Promise.all(opening)
    const stderr = collect(errors)
    input.send(Buffer.from(stdin), { binary: true })
    // An empty text frame is the end of the input.
    input.send('')
    const code = await exitCode(client, operationId)
    return { code, stderr: code === 0 ? '' : await stderr }
  } finally {
    for (const socket of await Promise.allSettled(opening)) {
      // LXD ends the command when its streams are gone.
      if (socket.status === 'fulfilled') socket.value.terminate()
    }
  }
}

async function exitCode(client: LxdClient, operationId: string): Promise<number> {
  const { metadata } = await client.get(at('operations', operationId, 'wait'), {
    query: { timeout: String(RUN_SECONDS) },
    timeoutMs: (RUN_SECONDS + 5) * 1_000,
  })
  const operation = record(metadata)
  const status = number(operation.status_code)
  const code = record(operation.metadata).return
  if (typeof code === 'number') return code
  if (status >= 400) {
    const { kind, reason } = explain(text(operation.err) ?? '')
    throw new DriverError(kind ?? 'task_failed', reason)
  }
  throw new DriverError('timeout', 'the command in the instance did not end in time')
}

/** All of one stream: binary frames are data, an empty text frame or the close is its end. */
function collect(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    let collected = ''
    const end = () => resolve(collected)
    socket.on('close', end)
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (!isBinary) return end()
      if (collected.length < LONGEST_STDERR) collected += data.toString()
    })
  })
}
