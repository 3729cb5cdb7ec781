import db from '@adonisjs/lucid/services/db'
import type AddressPool from '#models/address_pool'
import { keysetPage, type Cursor, type KeysetPage } from '#models/concerns/keyset'

export type LeaseRow = {
  address: string
  address_key: string
  created_at: string | Date
  assigned_at: string | Date | null
  instance: string
  instance_uid: string
  organization: string
  organization_slug: string
}

const PAGE_SIZE = 50

/** The addresses of a pool that are held, in the order of their numbers, and by whom. */
export function listLeases(pool: AddressPool, cursor: Cursor): Promise<KeysetPage<LeaseRow>> {
  const query = db
    .from('addresses')
    .where('addresses.address_pool_id', pool.id)
    .join('instances', 'instances.id', 'addresses.instance_id')
    .join('organizations', 'organizations.id', 'addresses.organization_id')
    .select('addresses.address', 'addresses.address_key')
    .select('addresses.created_at', 'addresses.assigned_at')
    .select('instances.name as instance', 'instances.uid as instance_uid')
    .select('organizations.name as organization', 'organizations.slug as organization_slug')
  const order = {
    columns: ['addresses.address_key'],
    descending: false,
    keyOf: ({ address_key: key }: LeaseRow) => [key],
  }
  return keysetPage<LeaseRow, typeof query>(query, order, cursor, PAGE_SIZE, (page) => page)
}
