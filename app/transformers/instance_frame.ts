import type { Facet, PowerAction } from '#drivers/contract'
import Instance from '#models/instance'
import type Membership from '#models/membership'
import { failedStart } from '#models/rescue'
import type { Role } from '#models/types'
import { deletionRefusal, powerRefusal } from '#transformers/instance_refusals'
import { operationItem, stepOf } from '#transformers/operation'
import { trafficMeter } from '#transformers/usage'
import { nameFor, VISIT_HOME } from '#transformers/visit'
import { newRequestKey } from '#validators/request_key'

type Tab = {
  /** Its name is `instances.tabs.<key>`. */
  key: string
  /** Behind the instance's own path. */
  path: string
  /** Left out: every viewer. */
  role?: Role
  /** Left out: every cluster has it. */
  facet?: Facet
  /** Not for a billing system's customer. */
  notVisited?: true
}

/** The pages of an instance, in the order in which they stand. A further page is a further line here. */
const TABS = [
  { key: 'overview', path: '' },
  { key: 'usage', path: '/usage', facet: 'metrics' },
  { key: 'console', path: '/console', facet: 'console' },
  { key: 'disks', path: '/disks', facet: 'disks' },
  { key: 'interfaces', path: '/interfaces', notVisited: true },
  { key: 'port_forwards', path: '/port-forwards' },
  { key: 'snapshots', path: '/snapshots', facet: 'snapshots' },
  { key: 'backups', path: '/backups', facet: 'backups', notVisited: true },
  { key: 'access', path: '/access' },
  { key: 'history', path: '/history' },
  { key: 'settings', path: '/settings', notVisited: true },
] as const satisfies Tab[]

export type InstanceTab = (typeof TABS)[number]['key']

/** Of the person who looks: what they may, and where their pages begin. */
export type Onlooker = { membership: Membership; home: string }

export type InstanceFrame = ReturnType<typeof instanceFrame>

/** Around the pages that begin at `home`. */
export function layoutFor(home: string): string {
  if (home === VISIT_HOME) return 'layouts/visit'
  return home === '/admin' ? 'layouts/admin' : 'layouts/portal'
}

/** Head, actions and tabs: what every page of an instance begins with. Needs `Instance.forPage`. */
export function instanceFrame(
  instance: Instance,
  { membership, home }: Onlooker,
  active: InstanceTab | null
) {
  const path = `${home}/instances/${instance.uid}`
  const open = instance.openOperation
  const status = Instance.status(instance.phase, open, instance.isSuspended)
  const created = instance.operations.find(({ type }) => type === 'instance.create')
  const isStaff = home === '/admin'
  const isVisit = home === VISIT_HOME
  return {
    uid: instance.uid,
    name: instance.name,
    isStaff,
    isVisit,
    layout: layoutFor(home),
    /** Above it; a visitor sees this one alone. */
    crumbs: isVisit ? [] : [`${home}/instances`],
    /** Of whatever form of the page is sent first. */
    requestKey: newRequestKey(),
    organization: isStaff
      ? {
          name: membership.organization.name,
          path: `/admin/organizations/${membership.organization.uid}`,
        }
      : null,
    path,
    listPath: `${home}/instances`,
    status,
    image: instance.image ? (instance.image.title ?? instance.image.name) : null,
    plan: instance.plan?.name ?? null,
    cluster: instance.cluster.name,
    isClusterSilent: instance.cluster.status === 'offline',
    node: instance.node?.name ?? null,
    createdAt: instance.createdAt,
    createdBy: nameFor(home, instance.createdBy),
    open: open
      ? {
          ...operationItem(open, instance.name, home),
          ...stepOf(open),
          isStuck: open.state === 'needs_attention',
        }
      : null,
    didNotStart: failedStart(instance) !== null && open === null,
    traffic: trafficMeter(instance),
    failed: status === 'failed' && created ? operationItem(created, instance.name, home) : null,
    power: powerRefusals(instance, membership),
    suspendedFor: [...new Set(instance.suspensions.map(({ reason }) => reason))],
    deletion: deletionRefusal(instance, membership, isStaff),
    /** The cluster tells what it did by itself. */
    hasTasks: instance.facets.has('taskList'),
    tabs: tabsFor(instance, membership, isVisit).map((tab) => ({
      key: tab.key,
      href: `${path}${tab.path}`,
      isActive: tab.key === active,
    })),
  }
}

function tabsFor(instance: Instance, membership: Membership, isVisit: boolean): readonly Tab[] {
  return (TABS as readonly Tab[]).filter(
    ({ role, facet, notVisited }) =>
      !(notVisited && isVisit) &&
      (!role || membership.isAtLeast(role)) &&
      (!facet || instance.facets.has(facet))
  )
}

function powerRefusals(instance: Instance, membership: Membership) {
  const of = (action: PowerAction) => powerRefusal(instance, membership, action)
  return {
    start: of('start'),
    stop: of('stop'),
    restart: of('restart'),
    force_stop: of('force_stop'),
  }
}
