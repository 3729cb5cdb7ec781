import { AsyncLocalStorage } from 'node:async_hooks'
import drive from '@adonisjs/drive/services/main'
import Backup from '#models/backup'
import Notice from '#models/notice'
import Organization from '#models/organization'
import Quota from '#models/quota'
import Transfer from '#models/transfer'
import User from '#models/user'
import { Tenant } from '#models/concerns/tenant'

/** What a person asks for and a process does at once, without an operation. `name`: of the instance it is about. */
export type Errand = {
  errand: 'accept transfer' | 'remove backup'
  name: string
  uid: string
  organizationId: number
  userId: number
}

type Method = (...given: unknown[]) => Promise<unknown>

/** For whom it is done. */
const doing = new AsyncLocalStorage<string>()

/** From now on who runs an errand comes by at places: `web-1: quotas moved`. */
export function makeErrandsMortal(comeBy: (place: string) => Promise<void>): void {
  const pass = async (place: string) => {
    const name = doing.getStore()
    if (name) await comeBy(`${name}: ${place}`)
  }
  const after = (owner: object, method: string, place: string) =>
    wrap(owner, method, async (work) => {
      const result = await work()
      await pass(place)
      return result
    })
  after(Quota, 'move', 'quotas moved')
  after(Notice, 'raise', 'one side told')
  after(Transfer.prototype, 'accept', 'handed over')
  after(Quota, 'giveBack', 'quota given back')
  after(drive.use('local').driver, 'delete', 'archive gone')
  after(Backup.prototype, 'remove', 'removed')
  wrap(Backup.prototype, 'purge', async (work) => {
    await pass('let go')
    return work()
  })
}

export function run({ errand, name, uid, organizationId, userId }: Errand): Promise<void> {
  return doing.run(name, () =>
    Tenant.run(organizationId, async () => {
      const organization = await Organization.findOrFail(organizationId)
      const by = await User.findOrFail(userId)
      if (errand === 'remove backup') return (await Backup.of(organization, uid)).remove({ by })
      return (await Transfer.offeredAs(organization, uid)).accept({ by })
    })
  )
}

function wrap(
  owner: object,
  method: string,
  around: (work: () => Promise<unknown>) => Promise<unknown>
): void {
  const methods = owner as Record<string, Method>
  const original = methods[method]!
  methods[method] = function (...given) {
    return around(() => original.apply(this, given))
  }
}
