import { Duplex } from 'node:stream'
import type { ScreenApi } from '#drivers/contract'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findRow, requireRunning } from '#drivers/fake/instance'
import { OpenRfb } from '#drivers/rfb'

const WIDTH = 160
const HEIGHT = 100
const BYTES_A_PIXEL = 4
/** One of them fills the picture; each key that is pressed brings the next one. */
const COLOURS = [0x0f5a8a, 0x1c7549, 0x8a5800, 0xb2321d]
const FORMAT = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])
/** Of the messages of a viewer: SetPixelFormat, SetEncodings, FramebufferUpdateRequest, KeyEvent, PointerEvent. */
const LENGTHS: Record<number, number> = { 0: 20, 3: 10, 4: 8, 5: 6 }
const SET_ENCODINGS = 2
const UPDATE_REQUEST = 3
const KEY = 4
const CUT_TEXT = 6

/** Guests whose screen has one colour. */
export class FakeScreen implements ScreenApi {
  constructor(private readonly answers: FakeAnswers) {}

  open(ref: string): Promise<Duplex> {
    return this.answers.give('screen', ref, ({ file, options }) => {
      const row = findRow(file, ref)
      requireRunning(row, ref)
      const server = new FakeRfb(row!.ref)
      const watch = setInterval(() => {
        if (findRow(this.answers.file, ref)?.started_at !== row!.started_at) server.push(null)
      }, options.eventMs)
      server.once('close', () => clearInterval(watch))
      return new OpenRfb(server)
    })
  }
}

/** RFB from ClientInit on; every picture is a whole one, raw. */
class FakeRfb extends Duplex {
  private heard: Buffer = Buffer.alloc(0)
  private isOpen = false
  private isAwaited = false
  private presses = 0

  constructor(private readonly name: string) {
    super({ allowHalfOpen: false })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.heard = Buffer.concat([this.heard, chunk])
    for (let used = this.hearOne(); used > 0; used = this.hearOne()) {
      this.heard = this.heard.subarray(used)
    }
    done()
  }

  /** How many bytes were used; 0: more have to come first. */
  private hearOne(): number {
    if (this.heard.length === 0) return 0
    if (!this.isOpen) {
      this.isOpen = true
      const size = Buffer.alloc(4)
      size.writeUInt16BE(WIDTH, 0)
      size.writeUInt16BE(HEIGHT, 2)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(Buffer.byteLength(this.name))
      this.push(Buffer.concat([size, FORMAT, length, Buffer.from(this.name)]))
      return 1
    }
    const length = this.lengthOfMessage()
    if (length === 0 || this.heard.length < length) return 0
    this.hear(this.heard[0]!)
    return length
  }

  private lengthOfMessage(): number {
    const kind = this.heard[0]!
    if (kind === SET_ENCODINGS) {
      return this.heard.length < 4 ? 0 : 4 + 4 * this.heard.readUInt16BE(2)
    }
    if (kind === CUT_TEXT) {
      return this.heard.length < 8 ? 0 : 8 + Math.abs(this.heard.readInt32BE(4))
    }
    // What it does not know it cannot step over.
    return LENGTHS[kind] ?? this.heard.length
  }

  private hear(kind: number): void {
    if (kind === UPDATE_REQUEST) {
      this.isAwaited = true
      const isWhole = this.heard[1] === 0
      if (isWhole) this.show()
    }
    if (kind === KEY && this.heard[1] === 1) {
      this.presses += 1
      if (this.isAwaited) this.show()
    }
  }

  private show(): void {
    this.isAwaited = false
    const head = Buffer.alloc(16)
    head.writeUInt16BE(1, 2)
    head.writeUInt16BE(WIDTH, 8)
    head.writeUInt16BE(HEIGHT, 10)
    const pixel = Buffer.alloc(BYTES_A_PIXEL)
    pixel.writeUInt32LE(COLOURS[this.presses % COLOURS.length]!)
    this.push(Buffer.concat([head, Buffer.alloc(WIDTH * HEIGHT * BYTES_A_PIXEL, pixel)]))
  }
}
