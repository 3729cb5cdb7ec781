import { createCipheriv } from 'node:crypto'
import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { WebSocket } from 'ws'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'
import { Visitor } from '#tests/support/simulators/proxmox/visitor'
import { until } from '#tests/support/processes'

type Opened = { port: string; ticket: string; user: string; upid: string; password: string }

async function withConsole({ cleanup }: TestContext, kind: 'termproxy' | 'vncproxy') {
  const pve = await ProxmoxSimulator.start()
  cleanup(() => pve.close())
  pve.place(100, { isRunning: true, config: { hostname: 'web' } })
  const visitor = new Visitor(pve)
  const { data } = await visitor.post(`/nodes/pve1/lxc/100/${kind}`)
  return { pve, visitor, opened: data as Opened }
}

function connect(pve: ProxmoxSimulator, { port, ticket }: Opened, token = pve.token) {
  const query = new URLSearchParams({ port, vncticket: ticket }).toString()
  const url = `${pve.endpoint.replace('https', 'wss')}/api2/json/nodes/pve1/lxc/100/vncwebsocket?${query}`
  const headers = { authorization: `PVEAPIToken=${pve.tokenId}=${token}` }
  return new Screen(new WebSocket(url, 'binary', { headers, rejectUnauthorized: false }))
}

/** What came over a socket, and how it ended. */
class Screen {
  shown = Buffer.alloc(0)
  ending: number | string | null = null

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => (this.shown = Buffer.concat([this.shown, data])))
    socket.on('close', (code) => (this.ending ??= code))
    socket.on('error', ({ message }) => (this.ending ??= message))
  }

  async open(): Promise<this> {
    await new Promise((resolve) => this.socket.once('open', resolve))
    return this
  }

  async shows(text: string): Promise<void> {
    await until(`it shows ${text}`, () => this.shown.includes(text))
  }

  async ends(): Promise<void> {
    await until('it ended', () => this.ending !== null)
  }

  /** Takes so many bytes off the beginning. */
  async take(length: number): Promise<Buffer> {
    await until('enough came', () => this.shown.length >= length)
    const taken = this.shown.subarray(0, length)
    this.shown = this.shown.subarray(length)
    return taken
  }
}

test.group('Proxmox simulator | consoles', () => {
  test('a terminal lets its user in, and answers him', async (context) => {
    const { assert } = context
    const { pve, visitor, opened } = await withConsole(context, 'termproxy')
    const screen = await connect(pve, opened).open()
    screen.socket.send(`${opened.user}:${opened.ticket}\n`)
    await screen.shows('web login: ')
    assert.equal((await screen.take(2)).toString(), 'OK')
    screen.socket.send('0:5:root\r')
    await screen.shows('Password: ')
    screen.socket.send('0:7:secret\r')
    await screen.shows('root@web:~# ')
    assert.notInclude(screen.shown.toString(), 'secret')

    screen.socket.send('1:100:30:')
    screen.socket.send(`0:${Buffer.byteLength('echo 中文\r')}:echo 中文\r`)
    await screen.shows('\r\n中文\r\n')
    screen.socket.send('20:10:stty size\r')
    await screen.shows('30 100\r\n')
    screen.socket.send('0:5:exit\r')
    await screen.ends()

    assert.equal(await visitor.end(opened.upid), 'OK')
  })

  test('a terminal closes on whoever has another ticket, and holds only once', async (context) => {
    const { assert } = context
    const { pve, visitor, opened } = await withConsole(context, 'termproxy')
    const other = connect(pve, { ...opened, ticket: 'PVEVNC:00000000::abc' })
    await other.ends()
    const stranger = connect(pve, opened, 'no-token')
    await stranger.ends()
    const screen = await connect(pve, opened).open()
    screen.socket.send('root@pam:something\n')
    await screen.ends()
    const again = connect(pve, opened)
    await again.ends()

    assert.include(String(other.ending), '401')
    assert.include(String(stranger.ending), '401')
    assert.equal(screen.ending, 1_006)
    assert.include(String(again.ending), '401')
    assert.match(await visitor.end(opened.upid), /termproxy 59\d\d .* failed: exit code 1$/)
  })

  test('a picture asks for its password, and shows itself in the colours that are wanted', async (context) => {
    const { assert } = context
    const { pve, opened } = await withConsole(context, 'vncproxy')
    const screen = await connect(pve, opened).open()
    assert.equal((await screen.take(12)).toString(), 'RFB 003.008\n')
    screen.socket.send('RFB 003.008\n')
    assert.deepEqual([...(await screen.take(2))], [1, 2])
    screen.socket.send(Buffer.from([2]))
    screen.socket.send(answerTo(await screen.take(16), opened.password))
    assert.equal((await screen.take(4)).readUInt32BE(), 0)

    screen.socket.send(Buffer.from([1]))
    const init = await screen.take(24)
    const [width, height] = [init.readUInt16BE(0), init.readUInt16BE(2)]
    assert.equal((await screen.take(init.readUInt32BE(20))).toString(), 'web')
    const redFirst = [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0]
    screen.socket.send(Buffer.from(redFirst))
    screen.socket.send(Buffer.from([3, 0, 0, 0, 0, 0, 1, 64, 0, 200]))
    const update = await screen.take(16 + width * height * 4)

    const middle = 16 + ((height / 2) * width + width / 2) * 4
    assert.deepEqual([...update.subarray(middle, middle + 3)], [0xca, 0x8a, 0x04])
  })
})

/** What VNC makes of a challenge: DES with every byte of the key turned round. */
function answerTo(challenge: Buffer, password: string): Buffer {
  const turned = [...Buffer.from(password, 'latin1')].map((byte) => {
    let other = 0
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) other |= 0x80 >> bit
    return other
  })
  const cipher = createCipheriv(
    'des-ede3-ecb',
    Buffer.from([...turned, ...turned, ...turned]),
    null
  )
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(challenge), cipher.final()])
}
