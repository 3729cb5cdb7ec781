import type { HttpContext } from '@adonisjs/core/http'
import { fieldError } from '#exceptions/field_error'
import Cluster from '#models/cluster'
import { MoveIn } from '#models/move_in'
import PortPool from '#models/port_pool'
import StaffPolicy from '#policies/staff_policy'
import { clusterPage, clusterPath } from '#transformers/cluster'
import { moveInPage } from '#transformers/move_in'
import { moveInValidator } from '#validators/move_in'
import {
  oldAddressesValidator,
  oldNumbersValidator,
  oldPortsValidator,
} from '#validators/old_proxmox_files'

/** What the old module for Proxmox VE kept in its files, taken over. Done again, it does only what is missing. */
export default class MoveInsController {
  async show({ bouncer, params, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const pools = await PortPool.query().where('cluster_id', cluster.id).orderBy('name')
    return view.render('pages/admin/clusters/move_in', {
      cluster: clusterPage(cluster),
      page: moveInPage(pools),
    })
  }

  async store({ bouncer, auth, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const given = await request.validateUsing(moveInValidator)
    const unread = (field: string) => (reason: string) =>
      fieldError(field, i18n.t('clusters.move_in.unread', { reason }))
    // All files are read before anything is done.
    const addresses = await read(
      given.addresses_file,
      oldAddressesValidator,
      unread('addresses_file')
    )
    const ports = await read(given.ports_file, oldPortsValidator, unread('ports_file'))
    const numbers = await read(given.numbers_file, oldNumbersValidator, unread('numbers_file'))
    const pool = ports && (await poolOf(cluster, given.port_pool))
    if (ports && !pool) throw fieldError('port_pool', i18n.t('clusters.move_in.no_pool'))

    const moveIn = new MoveIn(cluster)
    session.flash('moveIn', {
      ports: pool ? await moveIn.ports(pool, Object.keys(ports!).map(Number)) : null,
      guests: addresses ? await moveIn.guests(addresses, auth.getUserOrFail()) : null,
      next: numbers && highestOf(numbers),
    })
    return response.redirect().toPath(clusterPath(cluster, 'move-in'))
  }
}

/** null: the file names none. */
function highestOf(numbers: Readonly<Record<string, number>>): number | null {
  return Object.values(numbers).toSorted((one, other) => other - one)[0] ?? null
}

async function poolOf({ id }: Cluster, uid = ''): Promise<PortPool | null> {
  return PortPool.query().where({ cluster_id: id, uid }).first()
}

type Reader<Read> = {
  tryValidate(value: unknown): Promise<[{ messages: { message: string }[] }, null] | [null, Read]>
}

/** null: there is none. @throws what `refuse` makes of the first thing that is wrong with it */
async function read<Read>(
  text: string | undefined,
  reader: Reader<Read>,
  refuse: (reason: string) => Error
): Promise<Read | null> {
  if (!text) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw refuse((error as Error).message)
  }
  const [problems, found] = await reader.tryValidate(parsed)
  if (problems) throw refuse(problems.messages[0]!.message)
  return found
}
