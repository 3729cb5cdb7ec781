import type { CredentialsApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { at, type LxdClient } from '#drivers/lxd/client'
import { runCommand } from '#drivers/lxd/exec'

const KEYS_FILE = '/root/.ssh/authorized_keys'
/** A guest may write whatever it likes into its own file. */
const LARGEST_KEYS_FILE = 256 * 1024

export class LxdCredentials implements CredentialsApi {
  constructor(private readonly client: LxdClient) {}

  async setRootPassword(ref: string, password: string): Promise<void> {
    if (password === '' || /[\0\r\n]/.test(password)) {
      throw new DriverError('invalid', 'a password is one line and not empty')
    }
    const { code, stderr } = await runCommand(this.client, ref, ['chpasswd'], `root:${password}\n`)
    if (code === 0) return
    if (code === 127) throw new DriverError('unsupported', 'the image has no chpasswd command')
    const said = stderr.replaceAll(password, '…').trim().slice(0, 200)
    throw new DriverError('task_failed', `the password was not accepted: ${said || `code ${code}`}`)
  }

  /** The file is read and written from outside, so it also works before the guest is up. */
  async authorizeKeys(ref: string, publicKeys: string[]): Promise<void> {
    const wanted = publicKeys.map(normalize)
    const present = await this.readKeys(ref)
    const known = new Set(present.split('\n').map(materialOf))
    const missing = wanted.filter((key, index) => {
      const material = materialOf(key)
      return !known.has(material) && wanted.findIndex((k) => materialOf(k) === material) === index
    })
    if (missing.length === 0) return
    await this.write(ref, '/root/.ssh', 'directory', '0700', '')
    const before = present === '' || present.endsWith('\n') ? present : `${present}\n`
    await this.write(ref, KEYS_FILE, 'file', '0600', `${before}${missing.join('\n')}\n`)
  }

  async revokeKeys(ref: string, publicKeys: string[]): Promise<void> {
    const unwanted = new Set(publicKeys.map(normalize).map(materialOf))
    const present = await this.readKeys(ref)
    const lines = present.split('\n')
    const kept = lines.filter((line) => !unwanted.has(materialOf(line)))
    if (kept.length === lines.length) return
    await this.write(ref, KEYS_FILE, 'file', '0600', kept.join('\n'))
  }

  private async readKeys(ref: string): Promise<string> {
    const reply = await this.client.send('GET', at('instances', ref, 'files'), {
      query: { path: KEYS_FILE },
      largestAnswer: LARGEST_KEYS_FILE,
    })
    if (reply.status === 200) {
      if (reply.headers['x-lxd-type'] === 'file') return reply.body.toString('utf8')
      throw new DriverError('task_failed', `${KEYS_FILE} in the instance is not a file`)
    }
    const said = this.client.refusalIn(reply)
    if (reply.status === 404 && said !== null && !/instance/i.test(said)) return ''
    throw this.client.refused(reply)
  }

  private async write(
    ref: string,
    path: string,
    type: 'file' | 'directory',
    mode: string,
    raw: string
  ): Promise<void> {
    await this.client.request('POST', at('instances', ref, 'files'), {
      query: { path },
      headers: { 'x-lxd-type': type, 'x-lxd-mode': mode, 'x-lxd-uid': '0', 'x-lxd-gid': '0' },
      body: { raw },
    })
  }
}

const PUBLIC_KEY = /^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}(?: [^\p{Cc}]*)?$/u

function normalize(key: string): string {
  const line = key.trim()
  if (PUBLIC_KEY.test(line)) return line
  throw new DriverError('invalid', 'an SSH key reads "type base64 comment" on one line')
}

/** The key itself, without options before it and comment behind it. */
function materialOf(line: string): string {
  return /(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ ([A-Za-z0-9+/]+={0,3})/.exec(line)?.[1] ?? ''
}
