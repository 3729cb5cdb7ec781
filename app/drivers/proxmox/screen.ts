import type { Duplex } from 'node:stream'
import type { ScreenApi } from '#drivers/contract'
import { CONNECT_MS, type ProxmoxConsoleEntrance } from '#drivers/proxmox/console_entrance'
import { SocketBytes } from '#drivers/proxmox/socket_bytes'
import { OpenRfb, signInToRfb } from '#drivers/rfb'
import { introduced } from '#drivers/streams'

/** What the guest shows, drawn by its node. */
export class ProxmoxScreen implements ScreenApi {
  constructor(private readonly entrance: ProxmoxConsoleEntrance) {}

  async open(ref: string): Promise<Duplex> {
    const { socket, password } = await this.entrance.enter(ref, 'vncproxy', { websocket: true })
    const bytes = new SocketBytes(socket, this.entrance.client.where)
    await introduced(bytes, CONNECT_MS, () => signInToRfb(bytes, password))
    return new OpenRfb(bytes)
  }
}
