import { createCipheriv, randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Ticket } from './consoles.js'

const VERSION = 'RFB 003.008\n'
const VNC_AUTHENTICATION = 2
const WIDTH = 320
const HEIGHT = 200
const BARS = [0x1f2937, 0x2563eb, 0x0d9488, 0x65a30d, 0xca8a04, 0xdc2626, 0x9333ea, 0xe5e7eb]
const POINTER = 4

type Shifts = { red: number; green: number; blue: number; isBigEndian: boolean }
type Stage = 'version' | 'security' | 'response' | 'init' | 'open'

/** The far end of vncproxy: RFB 3.8 with a password, and a picture of coloured bars that follows keys and pointer. */
export function servePicture(socket: WebSocket, { password, end }: Ticket, name: string): void {
  const challenge = randomBytes(16)
  const screen = new Screen()
  let stage: Stage = 'version'
  let received: Buffer = Buffer.alloc(0)
  let isAwaited = false
  const send = (...parts: (Buffer | string)[]) =>
    socket.send(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))))

  /** How many bytes were used; 0: there are not enough yet. */
  const take = (): number => {
    switch (stage) {
      case 'version':
        if (received.length < VERSION.length) return 0
        stage = 'security'
        send(Buffer.from([1, VNC_AUTHENTICATION]))
        return VERSION.length
      case 'security':
        stage = 'response'
        send(challenge)
        return 1
      case 'response': {
        if (received.length < 16) return 0
        const isRight = received.subarray(0, 16).equals(encrypted(challenge, password))
        send(uint32(isRight ? 0 : 1))
        if (!isRight) socket.close()
        stage = 'init'
        return 16
      }
      case 'init':
        stage = 'open'
        send(uint16(WIDTH), uint16(HEIGHT), screen.format, uint32(name.length), name)
        return 1
      case 'open':
        return message()
    }
  }
  const show = () => {
    isAwaited = false
    send(screen.update())
  }
  const message = (): number => {
    const [kind] = received
    const length = lengthOf(received)
    if (length === 0 || received.length < length) return 0
    if (kind === 0) screen.setFormat(received.subarray(4, 20))
    if (kind === 3) {
      isAwaited = true
      if (received[1] === 0) show()
    }
    const isPress = kind === 4 && received[1] === 1
    if (isPress) screen.press()
    if (kind === 5) screen.point(received.readUInt16BE(2), received.readUInt16BE(4))
    if ((isPress || kind === 5) && isAwaited) show()
    return length
  }

  socket.on('message', (data: Buffer) => {
    received = Buffer.concat([received, data])
    for (let used = 1; used > 0 && received.length > 0; received = received.subarray(used))
      used = take()
  })
  socket.on('close', () => end('OK'))
  send(VERSION)
}

/** Of a message of the client, as far as it can be told yet. */
function lengthOf(received: Buffer): number {
  switch (received[0]) {
    case 0:
      return 20
    case 2:
      return received.length < 4 ? 0 : 4 + 4 * received.readUInt16BE(2)
    case 3:
      return 10
    case 4:
      return 8
    case 5:
      return 6
    default:
      return received.length < 8 ? 0 : 8 + Math.abs(received.readInt32BE(4))
  }
}

class Screen {
  private shifts: Shifts = { red: 16, green: 8, blue: 0, isBigEndian: false }
  private presses = 0
  private pointer = { x: -POINTER, y: -POINTER }

  /** 32 bits, 24 of them colour. */
  get format(): Buffer {
    const { red, green, blue, isBigEndian } = this.shifts
    const bytes = [
      32,
      24,
      isBigEndian ? 1 : 0,
      1,
      0,
      255,
      0,
      255,
      0,
      255,
      red,
      green,
      blue,
      0,
      0,
      0,
    ]
    return Buffer.from(bytes)
  }

  setFormat(format: Buffer): void {
    this.shifts = {
      red: format[10]!,
      green: format[11]!,
      blue: format[12]!,
      isBigEndian: format[2] === 1,
    }
  }

  press(): void {
    this.presses += 1
  }

  point(x: number, y: number): void {
    this.pointer = { x, y }
  }

  /** The whole picture, raw. */
  update(): Buffer {
    const head = Buffer.alloc(16)
    head.writeUInt16BE(1, 2)
    head.writeUInt16BE(WIDTH, 8)
    head.writeUInt16BE(HEIGHT, 10)
    const pixels = Buffer.alloc(WIDTH * HEIGHT * 4)
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) this.write(pixels, (y * WIDTH + x) * 4, this.colour(x, y))
    }
    return Buffer.concat([head, pixels])
  }

  private colour(x: number, y: number): number {
    const isPointer =
      Math.abs(x - this.pointer.x) < POINTER && Math.abs(y - this.pointer.y) < POINTER
    if (isPointer || x < 2 || y < 2 || x >= WIDTH - 2 || y >= HEIGHT - 2) return 0xffffff
    const bar = Math.floor((x / WIDTH) * BARS.length)
    return BARS[(bar + this.presses) % BARS.length]!
  }

  private write(pixels: Buffer, at: number, colour: number): void {
    const { red, green, blue, isBigEndian } = this.shifts
    const value =
      ((colour >> 16) << red) | (((colour >> 8) & 0xff) << green) | ((colour & 0xff) << blue)
    if (isBigEndian) pixels.writeInt32BE(value | 0, at)
    else pixels.writeInt32LE(value | 0, at)
  }
}

/** DES with the bits of every letter of the password turned round, as VNC has it; three times the same key is DES. */
function encrypted(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8)
  key.write(password.slice(0, 8), 'latin1')
  const turned = Buffer.from(
    key.map((byte) =>
      Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2)
    )
  )
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([turned, turned, turned]), null)
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
