import { spawn } from 'node:child_process'
import { DriverError } from '#drivers/errors'
import { COMMAND_MS, LARGEST_OUTPUT, type Ended, type Shell } from '#forwarders/iptables/shell'

const PATH = '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin'

/** This machine; as another user than root by `sudo -n`, which never asks for a password. */
export class LocalShell implements Shell {
  /** `prefix`: a program that runs others, e.g. in another network namespace. */
  constructor(private readonly prefix: readonly string[] = []) {}

  run(
    command: readonly string[],
    { privileged, input = '' }: { privileged: boolean; input?: string }
  ): Promise<Ended> {
    const sudo = privileged && process.getuid?.() !== 0 ? ['sudo', '-n'] : []
    const [program, ...parameters] = [...this.prefix, ...sudo, ...command]
    return new Promise((resolve, reject) => {
      const child = spawn(program!, parameters, { env: { PATH, LC_ALL: 'C' }, timeout: COMMAND_MS })
      const output = { stdout: '', stderr: '' }
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (chunk: string) => {
          if (output[stream].length < LARGEST_OUTPUT) output[stream] += chunk
        })
      }
      child.on('error', (error) => {
        const message = `${program} cannot be run on this machine`
        reject(new DriverError('unsupported', message, { cause: error }))
      })
      child.on('close', (code) => {
        if (code !== null) return resolve({ code, ...output })
        reject(new DriverError('timeout', `${command[0]} did not end in time`))
      })
      // It may end without reading what it was given.
      child.stdin.on('error', () => {})
      child.stdin.end(input)
    })
  }

  async close(): Promise<void> {}
}
