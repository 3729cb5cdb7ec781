import { createCipheriv } from 'node:crypto'
import { Duplex } from 'node:stream'
import { DriverError } from '#drivers/errors'
import { takeBytes } from '#drivers/streams'

/*
| The beginning of RFB 3.8 (RFC 6143), the protocol of VNC. A cluster asks for a password that is good for one
| screen and once; it is answered here, and the browser is shown a screen that asks for none.
*/

const VERSION = 'RFB 003.008\n'
const NO_SIGN_IN = 1
const VNC_SIGN_IN = 2
const CHALLENGE_LENGTH = 16
const LONGEST_REASON = 500

/**
 * Signs in to a server that was just reached; what follows begins with the viewer's ClientInit.
 * @throws DriverError unauthorized when it does not take the password, unsupported when it speaks otherwise
 */
export async function signInToRfb(server: Duplex, password: string): Promise<void> {
  const version = await takeBytes(server, VERSION.length)
  if (version.toString('latin1') !== VERSION) {
    throw new DriverError('unsupported', 'the screen of the cluster does not speak RFB 3.8')
  }
  server.write(VERSION)
  const [offers] = await takeBytes(server, 1)
  if (!offers) throw await refusalOf(server)
  const offered = await takeBytes(server, offers)
  const chosen = [VNC_SIGN_IN, NO_SIGN_IN].find((type) => offered.includes(type))
  if (!chosen) throw new DriverError('unsupported', 'the screen asks for an unknown sign-in')
  server.write(Buffer.from([chosen]))
  if (chosen === VNC_SIGN_IN) {
    server.write(answerTo(await takeBytes(server, CHALLENGE_LENGTH), password))
  }
  const result = await takeBytes(server, 4)
  if (result.readUInt32BE() !== 0) throw await refusalOf(server)
}

/** A server that was signed in to, as one that lets every viewer in. */
export class OpenRfb extends Duplex {
  private heard: Buffer = Buffer.alloc(0)
  private stage: 'version' | 'choice' | 'open' = 'version'

  constructor(private readonly server: Duplex) {
    super({ allowHalfOpen: false })
    this.push(VERSION)
    server.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) server.pause()
    })
    server.on('end', () => this.push(null))
    server.on('error', (error) => this.destroy(error))
    server.on('close', () => this.push(null))
  }

  override _read(): void {
    this.server.resume()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const meant = this.stage === 'open' ? chunk : this.greet(chunk)
    if (meant === null) return done(new DriverError('invalid', 'the viewer does not speak RFB 3.8'))
    if (meant.length === 0) return done()
    this.server.write(meant, done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.server.destroy()
    done(error)
  }

  /** What of it is already for the server; null: no viewer says that. */
  private greet(chunk: Buffer): Buffer | null {
    this.heard = Buffer.concat([this.heard, chunk])
    if (this.stage === 'version') {
      if (this.heard.length < VERSION.length) return Buffer.alloc(0)
      if (this.cut(VERSION.length).toString('latin1') !== VERSION) return null
      this.push(Buffer.from([1, NO_SIGN_IN]))
      this.stage = 'choice'
    }
    if (this.heard.length === 0) return this.heard
    if (this.cut(1)[0] !== NO_SIGN_IN) return null
    this.push(uint32(0))
    this.stage = 'open'
    return this.heard
  }

  private cut(length: number): Buffer {
    const taken = this.heard.subarray(0, length)
    this.heard = this.heard.subarray(length)
    return taken
  }
}

async function refusalOf(server: Duplex): Promise<DriverError> {
  const length = await takeBytes(server, 4)
  const said = await takeBytes(server, Math.min(length.readUInt32BE(), LONGEST_REASON))
  return new DriverError('unauthorized', `the screen was refused: ${said.toString('latin1')}`)
}

/**
 * DES, as VNC has it: of eight letters, each with its bits turned round. Three times the same key is DES, which
 * OpenSSL no longer has by itself.
 */
function answerTo(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8)
  key.write(password.slice(0, key.length), 'latin1')
  const turned = key.map(turnRound)
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([turned, turned, turned]), null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}

function turnRound(byte: number): number {
  let turned = 0
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) turned |= 0x80 >> bit
  return turned
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
