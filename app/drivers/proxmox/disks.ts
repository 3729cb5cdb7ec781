import type { DisksApi, GuestDisk } from '#drivers/contract'
import { diskGib, type ProxmoxGuest } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

const ROOT = 'rootfs'

/** The root disk and what was mounted beside it. Only of the former its node counts what is used, while it runs. */
export class ProxmoxDisks implements DisksApi {
  constructor(private readonly guests: ProxmoxGuests) {}

  async list(ref: string): Promise<GuestDisk[]> {
    const guest = await this.guests.readOrFail(ref)
    const mounted = Object.keys(guest.config)
      .filter((key) => /^mp\d+$/.test(key))
      .toSorted((one, other) => Number(one.slice(2)) - Number(other.slice(2)))
    return [ROOT, ...mounted].flatMap((name) => diskOf(guest, name))
  }
}

/** `tank:5001/vm-5001-disk-0.raw,size=8G`, or `/srv/data,mp=/data`. */
function diskOf({ config, diskBytes }: ProxmoxGuest, name: string): GuestDisk[] {
  const written = config[name]
  if (!written) return []
  const [volume = '', ...rest] = written.split(',')
  const path = rest.find((part) => part.startsWith('mp='))?.slice('mp='.length)
  return [
    {
      name,
      path: name === ROOT ? '/' : (path ?? ''),
      storagePool: volume.startsWith('/') ? null : volume.split(':')[0]!,
      sizeGib: diskGib(written) || null,
      usedBytes: name === ROOT ? diskBytes : null,
    },
  ]
}
