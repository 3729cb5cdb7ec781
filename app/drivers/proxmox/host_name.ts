import type { HostNameApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'
import type { ProxmoxTasks } from '#drivers/proxmox/tasks'

/** The name stands in the guest's configuration; one that runs may learn it only at its next start. */
export class ProxmoxHostName implements HostNameApi {
  constructor(
    private readonly guests: ProxmoxGuests,
    private readonly tasks: ProxmoxTasks
  ) {}

  async set(ref: string, name: string): Promise<void> {
    if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
      throw new DriverError('invalid', 'a host name has letters, digits and hyphens')
    }
    const guest = await this.guests.readOrFail(ref)
    if (guest.config.hostname !== name) await this.tasks.configure(guest, { hostname: name })
  }
}
