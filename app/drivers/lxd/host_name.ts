import type { HostNameApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { record } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { runCommand } from '#drivers/lxd/exec'

const FILE = '/etc/hostname'

/** LXD's own name of an instance is for good: what the guest calls itself stands inside it. */
export class LxdHostName implements HostNameApi {
  constructor(private readonly client: LxdClient) {}

  async set(ref: string, name: string): Promise<void> {
    if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
      throw new DriverError('invalid', 'a host name has letters, digits and hyphens')
    }
    const { metadata } = await this.client.get(at('instances', ref))
    await this.client.request('POST', at('instances', ref, 'files'), {
      query: { path: FILE },
      headers: { 'x-lxd-type': 'file', 'x-lxd-mode': '0644', 'x-lxd-uid': '0', 'x-lxd-gid': '0' },
      body: { raw: `${name}\n` },
    })
    // An image without the command learns it at its next start.
    if (record(metadata).status === 'Running') {
      await runCommand(this.client, ref, ['hostname', name], '')
    }
  }
}
