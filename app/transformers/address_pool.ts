import type { AddressRange } from '#addressing/cidr'
import { formatRanges } from '#addressing/ranges'
import type AddressPool from '#models/address_pool'
import type { PoolImport, PoolUsage } from '#models/address_pool'
import type { LeaseRow } from '#models/lease_list'
import { clusterPath } from '#transformers/cluster'
import { readMoment } from '#transformers/moment'

/** Beyond this a number is written as a power of two: nobody reads 18446744073709551614. */
const COUNTABLE = 1n << 40n

export const poolPath = ({ uid }: Pick<AddressPool, 'uid'>, part = ''): string =>
  `/admin/address-pools/${uid}${part && `/${part}`}`

/** One line of the list; `cluster` is loaded. */
export function poolRow(pool: AddressPool, usage: PoolUsage) {
  const isCountable = usage.total < COUNTABLE
  const total = isCountable ? Number(usage.total) : null
  return {
    uid: pool.uid,
    path: poolPath(pool),
    name: pool.name,
    family: pool.family,
    cidr: pool.cidr,
    network: pool.network,
    state: pool.isOpen ? 'available' : 'closed',
    isClosed: !pool.isOpen,
    leased: usage.leased,
    /** null: more than anybody counts, about two to the power of `bits`. */
    total,
    bits: isCountable ? null : usage.total.toString(2).length,
    free: total === null ? null : Math.max(0, total - usage.leased),
    percent: total ? Math.round((usage.leased / total) * 100) : null,
    cluster: { name: pool.cluster.name, path: clusterPath(pool.cluster) },
  }
}

/** A pool's page and its form. */
export function poolPage(pool: AddressPool, usage: PoolUsage, ranges: AddressRange[]) {
  return {
    ...poolRow(pool, usage),
    gateway: pool.gateway,
    nameservers: pool.nameservers,
    ranges: formatRanges(ranges, pool.family),
    exclusions: pool.exclusions,
    rangeCount: ranges.length,
  }
}

export function leaseRow(lease: LeaseRow) {
  return {
    address: lease.address,
    since: readMoment(lease.created_at),
    isAssigned: lease.assigned_at !== null,
    instance: lease.instance,
    instanceUid: lease.instance_uid,
    organization: lease.organization,
    organizationSlug: lease.organization_slug,
  }
}

/** What an import did, small enough for a session. */
export function importReport(report: PoolImport) {
  return {
    ...report,
    added: countable(report.added),
    known: countable(report.known),
    unusable: countable(report.unusable),
    excluded: countable(report.excluded),
  }
}

function countable(count: bigint): number {
  return Number(count < COUNTABLE ? count : COUNTABLE)
}
