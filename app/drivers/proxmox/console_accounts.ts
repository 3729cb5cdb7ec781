import { hkdfSync } from 'node:crypto'
import type { ClusterConnection, ConsoleAccountApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { list, record, text } from '#drivers/json'
import { at, ProxmoxClient } from '#drivers/proxmox/client'
import { requireStamp } from '#drivers/proxmox/guest'
import type { ProxmoxGuests } from '#drivers/proxmox/guests'

const REALM = 'pve'
const PREFIX = 'portico-'
/** Made by the cluster's owner, with these two rights and no other. */
const ROLE = 'PorticoConsole'
const RIGHTS = ['VM.Console', 'VM.Audit']
const PASSWORD_BYTES = 24

/**
 * A user of the cluster for the consoles of one instance, who may do nothing else and nothing elsewhere. Its password
 * is made of the secret by which the cluster lets Portico in, and of the instance: it is kept nowhere.
 */
export class ProxmoxConsoleAccounts implements ConsoleAccountApi {
  readonly isOn: boolean

  constructor(
    private readonly client: ProxmoxClient,
    private readonly guests: ProxmoxGuests,
    private readonly connection: ClusterConnection
  ) {
    this.isOn = connection.settings.consoleAccounts === true
  }

  async check(): Promise<void> {
    const { data } = await this.client.get(at('access', 'roles', ROLE))
    const held = rightsIn(data)
    const missing = RIGHTS.find((right) => !held.includes(right))
    if (missing) throw new DriverError('invalid', `the role ${ROLE} lacks ${missing}`)
    const tooMuch = held.find((right) => !RIGHTS.includes(right))
    if (tooMuch) throw new DriverError('invalid', `the role ${ROLE} may not hold ${tooMuch}`)
    for (const [path, right] of [
      [`/access/realm/${REALM}`, 'Realm.AllocateUser'],
      ['/access/groups', 'User.Modify'],
    ] as const) {
      const { data: given } = await this.client.get('/access/permissions', { path })
      if (rightsIn(record(given)[path]).includes(right)) continue
      throw new DriverError('unauthorized', `${this.client.user} lacks ${right} on ${path}`)
    }
  }

  async stamps(): Promise<string[]> {
    const { data } = await this.client.get('/access/users')
    return list(data).flatMap((user) => stampIn(text(record(user).userid) ?? ''))
  }

  async provide(ref: string, stamp: string): Promise<void> {
    const guest = await this.guests.readOrFail(ref)
    // The number may be somebody else's by now: nobody gets into a guest that is not theirs.
    requireStamp(guest, stamp)
    const users = userOf(stamp)
    try {
      await this.client.request('POST', '/access/users', {
        userid: users,
        password: this.passwordOf(stamp),
        comment: 'Portico: consoles of one instance',
      })
    } catch (error) {
      if (!(error instanceof DriverError && error.kind === 'already_exists')) throw error
    }
    // It goes with a guest that is removed, also when another one takes its number.
    await this.client.request('PUT', '/access/acl', { path: `/vms/${ref}`, users, roles: ROLE })
  }

  async withdraw(stamp: string): Promise<void> {
    try {
      await this.client.request('DELETE', at('access', 'users', userOf(stamp)))
    } catch (error) {
      if (!(error instanceof DriverError && error.kind === 'not_found')) throw error
    }
  }

  /** The cluster, seen as this instance's own user. The caller closes it. */
  asOwnUser(stamp: string): ProxmoxClient {
    const credentials = { username: userOf(stamp), password: this.passwordOf(stamp) }
    return new ProxmoxClient({ ...this.connection, credentials })
  }

  private passwordOf(stamp: string): string {
    const { tokenSecret, password } = this.connection.credentials
    const secret = tokenSecret ?? password ?? ''
    const bytes = hkdfSync('sha256', secret, stamp, 'portico console account', PASSWORD_BYTES)
    return Buffer.from(bytes).toString('base64url')
  }
}

function userOf(stamp: string): string {
  return `${PREFIX}${stamp}@${REALM}`
}

function stampIn(userid: string): string[] {
  const isIts = userid.startsWith(PREFIX) && userid.endsWith(`@${REALM}`)
  return isIts ? [userid.slice(PREFIX.length, -REALM.length - 1)] : []
}

/** `{"VM.Audit": 1}`; with a 0 it is only said not to be handed down. */
function rightsIn(value: unknown): string[] {
  return Object.keys(record(value))
}
