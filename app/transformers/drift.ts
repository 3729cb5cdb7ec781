import type { Size } from '#drivers/contract'
import { nameFor } from '#models/adoption'
import type Cluster from '#models/cluster'
import type DriftFinding from '#models/drift_finding'
import { COUNTED_UP_TO, type DriftFilter, type DriftRow, type lastRound } from '#models/drift_list'
import type { KeysetPage } from '#models/concerns/keyset'
import { DRIFT_KINDS, type DriftFacts, type DriftKind, type DriftSide } from '#models/types'
import { clusterPath } from '#transformers/cluster'
import { ListLinks } from '#transformers/list_links'
import { readMoment } from '#transformers/moment'

/** How a side of a difference reads: words of a view's, filled with figures of its own form. */
export type Fact = {
  label:
    'cpus' | 'memory' | 'disk' | 'ingress' | 'egress' | 'power' | 'addresses' | 'cards' | 'forward'
  wanted: FactValue
  found: FactValue
}
type FactValue = {
  form: 'number' | 'mib' | 'gib' | 'mbps' | 'state' | 'text' | 'unlimited' | 'nothing'
  value: string | number | null
}

type Can = { act: boolean; configure: boolean }

const GUESTS: readonly DriftKind[] = ['orphan', 'stranger']

/** The list, of all clusters or of one; `clusters` null: of one, in whose address it stands already. */
export function driftListPage(
  path: string,
  page: KeysetPage<DriftRow> & { total: number },
  { words, kind, cluster, isForgotten }: DriftFilter,
  clusters: Pick<Cluster, 'uid' | 'name'>[] | null
) {
  const standing = isForgotten ? 'forgotten' : null
  const own = clusters === null
  const links = new ListLinks(path, {
    q: words,
    kind,
    cluster: own ? null : cluster,
    standing,
  })
  const chosen = clusters?.find(({ uid }) => uid === cluster)
  return {
    path,
    words,
    kind,
    cluster: own ? null : cluster,
    isForgotten,
    isFiltered: Boolean(words || kind || (!own && cluster)),
    clearHref: new ListLinks(path, { standing }).page({}),
    rows: page.rows.map(driftRow),
    total: Math.min(page.total, COUNTED_UP_TO),
    isCountedWhole: page.total <= COUNTED_UP_TO,
    kinds: DRIFT_KINDS,
    clusters: clusters?.map(({ uid, name }) => ({ value: uid, label: name })) ?? null,
    chips: [
      ...(kind
        ? [{ name: 'kind' as const, value: kind, removeHref: links.with({ kind: null }) }]
        : []),
      ...(chosen
        ? [
            {
              name: 'cluster' as const,
              value: chosen.name,
              removeHref: links.with({ cluster: null }),
            },
          ]
        : []),
    ],
    openHref: links.with({ standing: null }),
    forgottenHref: links.with({ standing: 'forgotten' }),
    ...links.around(page),
  }
}

function driftRow(row: DriftRow) {
  return {
    path: `/admin/drift/${row.uid}`,
    kind: row.kind,
    name: row.name,
    organization: row.organization,
    cluster: { name: row.cluster, path: clusterPath({ uid: row.cluster_uid }, 'drift') },
    facts: factsOf(row.facts),
    firstSeenAt: readMoment(row.first_seen_at),
    lastSeenAt: readMoment(row.last_seen_at),
  }
}

/** One difference, with what may be done about it and why not. Needs `DriftFinding.presentAs`. */
export function driftPage(finding: DriftFinding, can: Can) {
  const { instance, cluster, facts, kind } = finding
  const deeds = new Set(finding.deeds)
  const path = `/admin/drift/${finding.uid}`
  return {
    path,
    kind,
    name: finding.name,
    isGuest: GUESTS.includes(kind),
    facts: factsOf(facts),
    guest: facts.guest ? guestOf(facts) : null,
    cluster: { name: cluster.name, path: clusterPath(cluster) },
    instance: instance && { name: instance.name, path: `/admin/instances/${instance.uid}` },
    organization: instance && {
      name: instance.organization.name,
      path: `/admin/organizations/${instance.organization.uid}`,
    },
    firstSeenAt: finding.firstSeenAt,
    lastSeenAt: finding.lastSeenAt,
    isForgotten: finding.isForgotten,
    forgottenBy: finding.forgottenBy?.displayName ?? null,
    suggestedName: nameFor(finding.name),
    deeds: {
      adopt: deeds.has('adopt') && can.configure,
      repair: deeds.has('repair') && can.act,
      recreate: deeds.has('recreate') && can.configure,
      remove: deeds.has('remove') && can.configure,
      forget: deeds.has('forget') && can.act,
    },
    /** Why it cannot be made again; null: it can. */
    recreateRefusal:
      kind === 'missing' && (!instance?.image || instance.image.missingSince)
        ? ('E_IMAGE_GONE' as const)
        : null,
    words: GUESTS.includes(kind) ? 'guest' : kind,
  }
}

export function roundItem(round: Awaited<ReturnType<typeof lastRound>>) {
  return round && { ...round, at: readMoment(round.at) }
}

function guestOf({ guest }: DriftFacts) {
  const { node, image, network, macAddress, stamp, createdAt, power, size, assigned, addresses } =
    guest!
  const held = [...new Set([...assigned, ...addresses].map(({ address }) => address))]
  return {
    node,
    image: image && image.slice(0, 12),
    network,
    macAddress,
    stamp,
    createdAt,
    power,
    size,
    addresses: held.join(', '),
  }
}

/** What differs, and nothing that is the same on both sides. */
function factsOf({ wanted, found }: DriftFacts): Fact[] {
  const nothing: FactValue = { form: 'nothing', value: null }
  const side = (of: DriftSide | null, read: (known: DriftSide) => FactValue) =>
    of ? read(of) : nothing
  const facts: Fact[] = []
  const compare = (label: Fact['label'], read: (known: DriftSide) => FactValue) => {
    const fact = { label, wanted: side(wanted, read), found: side(found, read) }
    if (fact.wanted.form === fact.found.form && fact.wanted.value === fact.found.value) return
    facts.push(fact)
  }
  const known = { ...found, ...wanted }
  if (known.size) {
    compare('cpus', ({ size }) => limited(size!.cpus, 'number'))
    compare('memory', ({ size }) => limited(size!.memoryMib, 'mib'))
    compare('disk', ({ size }) => limited(size!.diskGib, 'gib'))
    if (wanted && found) for (const way of WAYS) compare(way.label, way.read)
  }
  if (known.power) compare('power', ({ power }) => ({ form: 'state', value: power! }))
  if (known.addresses) {
    compare('addresses', ({ addresses }) => ({
      form: addresses!.length > 0 ? 'text' : 'nothing',
      value: addresses!.join(', ') || null,
    }))
  }
  if (known.cards) {
    compare('cards', ({ cards }) => ({
      form: cards!.length > 0 ? 'text' : 'nothing',
      value: cards!.join(', ') || null,
    }))
  }
  if (known.forward) compare('forward', ({ forward }) => ({ form: 'text', value: forward! }))
  return facts
}

const bandwidth =
  (way: 'ingressMbps' | 'egressMbps') =>
  ({ size }: DriftSide) =>
    limited((size as Size)[way] ?? 0, 'mbps')

const WAYS = [
  { label: 'ingress' as const, read: bandwidth('ingressMbps') },
  { label: 'egress' as const, read: bandwidth('egressMbps') },
]

function limited(value: number, form: FactValue['form']): FactValue {
  return value === 0 ? { form: 'unlimited', value: null } : { form, value }
}
