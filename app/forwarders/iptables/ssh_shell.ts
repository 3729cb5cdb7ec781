import { createHash } from 'node:crypto'
import { Client, type ClientErrorExtensions } from 'ssh2'
import { DriverError } from '#drivers/errors'
import type { SshConnection } from '#forwarders/contract'
import { COMMAND_MS, LARGEST_OUTPUT, type Ended, type Shell } from '#forwarders/iptables/shell'

const CONNECT_MS = 10_000

/** Another machine over SSH, whose host key is compared before anything is said. */
export class SshShell implements Shell {
  private connecting: Promise<Client> | null = null

  constructor(private readonly connection: SshConnection) {}

  async run(
    command: readonly string[],
    { privileged, input = '' }: { privileged: boolean; input?: string }
  ): Promise<Ended> {
    const { user } = this.connection
    const sudo = privileged && user !== 'root' ? ['sudo', '-n'] : []
    const line = [...sudo, ...command].map(requirePlain).join(' ')
    const client = await this.connect()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new DriverError('timeout', `${this.where}: ${command[0]} did not end in time`))
        client.destroy()
      }, COMMAND_MS)
      const fail = (error: Error) => {
        clearTimeout(timer)
        reject(this.translate(error))
      }
      client.once('error', fail)
      client.exec(line, (error, channel) => {
        if (error) return fail(error)
        const output = { stdout: '', stderr: '' }
        let code = -1
        channel.setEncoding('utf8').on('data', (chunk: string) => {
          if (output.stdout.length < LARGEST_OUTPUT) output.stdout += chunk
        })
        channel.stderr.setEncoding('utf8').on('data', (chunk: string) => {
          if (output.stderr.length < LARGEST_OUTPUT) output.stderr += chunk
        })
        channel.on('exit', (exit: number | null) => {
          code = exit ?? -1
        })
        channel.on('close', () => {
          clearTimeout(timer)
          client.off('error', fail)
          if (code >= 0) return resolve({ code, ...output })
          reject(new DriverError('unreachable', `${this.where}: the connection was cut`))
        })
        channel.on('error', fail)
        channel.end(input)
      })
    })
  }

  async close(): Promise<void> {
    const connecting = this.connecting
    this.connecting = null
    // One that never came about has nothing to close.
    const client = await connecting?.catch(() => null)
    client?.end()
  }

  private connect(): Promise<Client> {
    this.connecting ??= this.open().catch((error) => {
      this.connecting = null
      throw error
    })
    return this.connecting
  }

  private open(): Promise<Client> {
    const { host, port, user, hostKey, privateKey } = this.connection
    return new Promise((resolve, reject) => {
      const client = new Client()
      let shown: string | null = null
      client.on('ready', () => resolve(client))
      client.on('close', () => {
        this.connecting = null
      })
      client.on('error', (error) => {
        const isOther = shown !== null && shown !== hostKey
        reject(isOther ? mismatch(this.where, shown!) : this.translate(error))
      })
      try {
        client.connect({
          host,
          port,
          username: user,
          privateKey,
          readyTimeout: CONNECT_MS,
          keepaliveInterval: 5_000,
          keepaliveCountMax: 2,
          hostVerifier: (key: Buffer) => {
            shown = fingerprintOf(key)
            return shown === hostKey
          },
        })
      } catch (error) {
        reject(
          new DriverError('unauthorized', `${this.where}: the private key cannot be read`, {
            cause: error,
          })
        )
      }
    })
  }

  private get where(): string {
    return `${this.connection.host}:${this.connection.port}`
  }

  private translate(error: Error & Partial<ClientErrorExtensions>): DriverError {
    if (error.level === 'client-authentication') {
      const message = `${this.where} did not let ${this.connection.user} in with our key`
      return new DriverError('unauthorized', message, { cause: error })
    }
    return new DriverError('unreachable', `${this.where} cannot be reached over SSH`, {
      cause: error,
    })
  }
}

/** The key a machine shows at first contact; nothing is sent to it and nothing believed. */
export function identifyHost(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new Client()
    let shown: string | null = null
    const end = () => {
      client.destroy()
      if (shown) return resolve(shown)
      reject(new DriverError('unreachable', `${host}:${port} cannot be reached over SSH`))
    }
    client.on('error', end)
    client.on('close', end)
    client.connect({
      host,
      port,
      username: 'portico',
      readyTimeout: CONNECT_MS,
      hostVerifier: (key: Buffer) => {
        shown = fingerprintOf(key)
        return false
      },
    })
  })
}

/** As `ssh-keygen -l` writes it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

function mismatch(where: string, shown: string): DriverError {
  return new DriverError('tls_mismatch', `${where} shows another host key: ${shown}`)
}

/** A shell reads this line; only words that mean nothing to it may stand there. */
function requirePlain(word: string): string {
  if (/^[\w./=-]+$/.test(word)) return word
  throw new TypeError(`${JSON.stringify(word)} must not reach a shell`)
}
