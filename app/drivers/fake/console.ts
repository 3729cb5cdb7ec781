import { Duplex } from 'node:stream'
import type { ConsoleApi, ConsoleKind, ConsoleStream, TerminalSize } from '#drivers/contract'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findRow, requireRunning } from '#drivers/fake/instance'

/** Guests that answer: what is typed is echoed, and a handful of words is understood. */
export class FakeConsole implements ConsoleApi {
  readonly kinds: readonly ConsoleKind[] = ['shell', 'serial']

  constructor(private readonly answers: FakeAnswers) {}

  open(ref: string, kind: ConsoleKind, size: TerminalSize): Promise<ConsoleStream> {
    return this.answers.give('console', ref, ({ file, options }) => {
      const row = findRow(file, ref)
      requireRunning(row, ref)
      const prompt = kind === 'shell' ? `root@${ref}:~# ` : `${ref} login: `
      const bytes = new FakeTerminal(prompt, size)
      const watch = setInterval(() => {
        // Of a guest that was stopped nothing is left, also when it was started again meanwhile.
        if (findRow(this.answers.file, ref)?.started_at !== row!.started_at) bytes.push(null)
      }, options.eventMs)
      bytes.once('close', () => clearInterval(watch))
      return { bytes, resize: (changed) => (bytes.size = changed) }
    })
  }
}

class FakeTerminal extends Duplex {
  private line = ''

  constructor(
    private readonly prompt: string,
    public size: TerminalSize
  ) {
    super({ allowHalfOpen: false })
    this.push(prompt)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    for (const letter of chunk.toString()) this.type(letter)
    done()
  }

  private type(letter: string): void {
    if (this.readableEnded) return
    if (letter === '\x04' && this.line === '') return void this.push(null)
    if (letter === '\x7f') {
      if (this.line !== '') this.push('\b \b')
      this.line = this.line.slice(0, -1)
    } else if (letter === '\r') {
      const line = this.line.trim()
      this.line = ''
      this.push('\r\n')
      if (line === 'exit') this.push(null)
      else this.push(`${this.answer(line)}${this.prompt}`)
    } else {
      this.line += letter
      this.push(letter)
    }
  }

  private answer(line: string): string {
    if (line === '') return ''
    if (line === 'stty size') return `${this.size.rows} ${this.size.columns}\r\n`
    if (line.startsWith('echo ')) return `${line.slice('echo '.length)}\r\n`
    return `${line.split(' ')[0]}: not found\r\n`
  }
}
