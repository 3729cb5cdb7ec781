import type { ConsoleApi, ConsoleKind, ConsoleStream, TerminalSize } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { CONNECT_MS, type ProxmoxConsoleEntrance } from '#drivers/proxmox/console_entrance'
import { SocketBytes } from '#drivers/proxmox/socket_bytes'
import { introduced, takeBytes } from '#drivers/streams'

/** A terminal from which nothing is heard for so long is let go by the node. */
const PING_MS = 30_000
const WELCOME = 'OK'

/** The line on which a guest asks who one is. */
export class ProxmoxConsole implements ConsoleApi {
  readonly kinds: readonly ConsoleKind[] = ['serial']

  constructor(private readonly entrance: ProxmoxConsoleEntrance) {}

  async open(ref: string, kind: ConsoleKind, size: TerminalSize): Promise<ConsoleStream> {
    if (kind !== 'serial') {
      throw new DriverError('unsupported', 'this cluster has no shell without a sign-in')
    }
    const { socket, user, ticket } = await this.entrance.enter(ref, 'termproxy')
    const bytes = new SocketBytes(socket, this.entrance.client.where)
    await introduced(bytes, CONNECT_MS, async () => {
      socket.send(`${user}:${ticket}\n`)
      const said = await takeBytes(bytes, WELCOME.length)
      if (said.toString('latin1') !== WELCOME) {
        throw new DriverError('unauthorized', 'the cluster does not take its own console ticket')
      }
    })
    const resize = ({ columns, rows }: TerminalSize) => socket.send(`1:${columns}:${rows}:`)
    const ping = setInterval(() => socket.send('2'), PING_MS)
    bytes.once('close', () => clearInterval(ping))
    bytes.frame = (chunk) => Buffer.concat([Buffer.from(`0:${chunk.length}:`), chunk])
    resize(size)
    return { bytes, resize }
  }
}
