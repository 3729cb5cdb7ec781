import type { WebSocket } from 'ws'
import type { Ticket } from './consoles.js'
import type { Guest } from './guest.js'

const WRONG =
  "command '/usr/bin/termproxy PORT --path /vms/VMID --perm VM.Console --vncticket-endpoint --verify-port --ticket-fd 6 -- /usr/bin/dtach -A /var/run/dtach/vzctlconsoleVMID -r winch -z lxc-console -n VMID -e -1' failed: exit code 1"

/** The far end of termproxy: lets one in by his ticket, then answers like a small shell. */
export function serveTerminal(
  socket: WebSocket,
  { ticket, user, vmid, port, end }: Ticket,
  guest: Guest
): void {
  let isIn = false
  let received: Buffer = Buffer.alloc(0)
  const shell = new Shell(guest, (output) => socket.send(Buffer.from(output, 'utf8')))
  socket.on('message', (data: Buffer) => {
    received = Buffer.concat([received, data])
    if (!isIn) {
      const at = received.indexOf('\n')
      if (at < 0) return
      if (received.subarray(0, at).toString('utf8') !== `${user}:${ticket}`) {
        end(WRONG.replace('PORT', String(port)).replaceAll('VMID', String(vmid)))
        return socket.terminate()
      }
      isIn = true
      received = received.subarray(at + 1)
      socket.send(Buffer.from('OK'))
      shell.greet()
    }
    received = takeMessages(received, shell)
    if (shell.isOver) socket.close()
  })
  socket.on('close', () => end('OK'))
}

/** `0:length:text`, `1:columns:rows:` and `2`; gives back what is not whole yet. */
function takeMessages(received: Buffer, shell: Shell): Buffer {
  for (;;) {
    const kind = received.toString('latin1', 0, 1)
    if (kind === '2') {
      received = received.subarray(1)
      continue
    }
    const head = /^([01]):(\d+):/.exec(received.toString('latin1', 0, 24))
    if (!head) return received
    const [{ length }, , number] = head as unknown as [string, string, string]
    if (kind === '1') {
      const size = /^1:(\d+):(\d+):/.exec(received.toString('latin1', 0, 24))
      if (!size) return received
      shell.resize(Number(size[1]), Number(size[2]))
      received = received.subarray(size[0].length)
      continue
    }
    const last = length + Number(number)
    if (received.length < last) return received
    shell.type(received.toString('utf8', length, last))
    received = received.subarray(last)
  }
}

/** Asks who one is, then knows a handful of words; all others are not found. */
class Shell {
  isOver = false
  private stage: 'login' | 'password' | 'shell' = 'login'
  private line = ''
  private size = { columns: 80, rows: 24 }

  constructor(
    private readonly guest: Guest,
    private readonly print: (output: string) => void
  ) {}

  greet(): void {
    this.print(`\r\nDebian GNU/Linux 12 ${this.guest.name} tty1\r\n\r\n`)
    this.prompt()
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows }
  }

  type(text: string): void {
    for (const letter of text) this.press(letter)
  }

  private press(letter: string): void {
    switch (letter) {
      case '\r':
      case '\n': {
        const line = this.line.trim()
        this.line = ''
        this.print(`\r\n${this.take(line)}`)
        return this.prompt()
      }
      case '\u007F':
        if (this.line && !this.isSecret) this.print('\b \b')
        this.line = this.line.slice(0, -1)
        return
      case '\u0003':
        this.line = ''
        this.print('^C\r\n')
        return this.prompt()
      default:
        this.line += letter
        if (!this.isSecret) this.print(letter)
    }
  }

  private get isSecret(): boolean {
    return this.stage === 'password'
  }

  private take(line: string): string {
    if (this.stage === 'shell') return this.answer(line)
    if (this.stage === 'login') {
      if (line !== '') this.stage = 'password'
      return ''
    }
    const { rootPassword } = this.guest
    const isRight = rootPassword === null || line === rootPassword
    this.stage = isRight ? 'shell' : 'login'
    return isRight ? '' : '\r\nLogin incorrect\r\n'
  }

  private answer(line: string): string {
    const [word = '', ...rest] = line.split(/\s+/)
    switch (word) {
      case '':
        return ''
      case 'hostname':
        return `${this.guest.name}\r\n`
      case 'echo':
        return `${rest.join(' ')}\r\n`
      case 'stty':
        return `${this.size.rows} ${this.size.columns}\r\n`
      case 'exit':
        this.isOver = true
        return 'logout'
      default:
        return `-bash: ${word}: command not found\r\n`
    }
  }

  private prompt(): void {
    if (this.isOver) return
    const { name } = this.guest
    const asked = { login: `${name} login: `, password: 'Password: ', shell: `root@${name}:~# ` }
    this.print(asked[this.stage])
  }
}
