import db from '@adonisjs/lucid/services/db'
import { parseAddress } from '#addressing/address'
import { isPort } from '#addressing/ports'
import type PortPool from '#models/port_pool'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'

export type ForwardRow = {
  id: number
  uid: string
  protocol: string
  address: string
  first_port: number
  last_port: number
  target_port: number
  note: string | null
  applied_at: string | Date | null
  missing_since: string | Date | null
  created_at: string | Date
  instance: string
  instance_uid: string
  organization: string
  organization_uid: string
  cluster: string
}

const PAGE_SIZE = 50

/**
 * Forwards of all tenants, newest first, for staff. `words` is a public port, an address, `address:port`, or the
 * beginning of an instance's name.
 */
export function listForwards(
  { words, pool }: { words: string; pool?: PortPool },
  cursor: Cursor
): Promise<KeysetPage<ForwardRow>> {
  const query = db
    .from('port_forwards')
    .join('instances', 'instances.id', 'port_forwards.instance_id')
    .join('organizations', 'organizations.id', 'port_forwards.organization_id')
    .join('clusters', 'clusters.id', 'port_forwards.cluster_id')
    .select('port_forwards.id', 'port_forwards.uid', 'protocol', 'address', 'first_port')
    .select('last_port', 'target_port', 'note', 'applied_at', 'port_forwards.missing_since')
    .select('port_forwards.created_at')
    .select('instances.name as instance', 'instances.uid as instance_uid')
    .select('organizations.name as organization', 'organizations.uid as organization_uid')
    .select('clusters.name as cluster')
  if (pool) query.where('port_forwards.port_pool_id', pool.id)
  narrow(query, words)
  const order = {
    columns: ['port_forwards.id'],
    descending: true,
    keyOf: ({ id }: ForwardRow) => [id],
  }
  return keysetPage<ForwardRow, typeof query>(query, order, cursor, PAGE_SIZE, (page) => page)
}

function narrow(query: ReturnType<typeof db.from>, words: string): void {
  if (words === '') return
  const [, host, portText] = /^\[?(.*?)\]?(?::(\d{1,5}))?$/.exec(words) ?? []
  const port = Number(/^\d{1,5}$/.test(words) ? words : portText)
  if (isPort(port)) query.where('first_port', '<=', port).where('last_port', '>=', port)
  if (host && parseAddress(host)) query.where('address', host)
  else if (!isPort(port))
    query.where('instances.name', 'like', `${words.replaceAll(/[%_\\]/g, '')}%`)
}
