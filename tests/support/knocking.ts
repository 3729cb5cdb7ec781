import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import app from '@adonisjs/core/services/app'
import type { ForwardProtocol } from '#forwarders/contract'
import { run } from '#tests/support/lxd_lab'

/** Ports on which every guest answers. */
export const GUEST_PORTS = [2222, 5353, 7000, 7001, 7002, 9000]

/** Starts a server that answers on all of them; `prefix` puts it into a namespace. Answers how to stop it. */
export async function answering(prefix: string[], name: string): Promise<() => Promise<void>> {
  const script = app.makePath('tests/support/echo_server.mjs')
  const [program, ...parameters] = [...prefix, process.execPath, script, name]
  const child = spawn(program!, [...parameters, ...GUEST_PORTS.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  await Promise.race([
    once(child.stdout!, 'data'),
    ended.then(() => {
      throw new Error(`the server of ${name} did not start`)
    }),
  ])
  return async () => {
    child.kill('SIGKILL')
    await ended
  }
}

const ANSWER_WAIT_MS = 30_000

/** Knocks until something answers: neighbours in a network that has just come up take a moment to meet. */
export async function untilAnswered<T>(knocking: () => Promise<T | null>): Promise<T | null> {
  const end = Date.now() + ANSWER_WAIT_MS
  for (;;) {
    const answer = await knocking()
    if (answer !== null || Date.now() > end) return answer
    await sleep(100)
  }
}

/** What answers there, `guest-1:2222`; null: nobody. */
export async function knock(
  prefix: string[],
  protocol: ForwardProtocol,
  address: string,
  port: number
): Promise<string | null> {
  return (await knockFrom(prefix, protocol, address, port))?.answer ?? null
}

/** … and from where it saw us come. */
export async function knockFrom(
  prefix: string[],
  protocol: ForwardProtocol,
  address: string,
  port: number
): Promise<{ answer: string; from: string } | null> {
  const script = app.makePath('tests/support/knock.mjs')
  const [program, ...parameters] = [...prefix, process.execPath, script]
  const { stdout } = await run(program!, [...parameters, protocol, address, String(port)])
  const [, answer, from] = /^(\S+) from (\S+)$/.exec(stdout) ?? []
  return answer && from ? { answer, from: from.replace('::ffff:', '') } : null
}
