/** What the rail shows. Paths, not route names: a page that does not exist yet must not break every other page. */
export type NavigationItem = {
  key: string
  /** Message key of the label. */
  label: string
  icon: string
  path: string
}

export function portalNavigation(slug: string): NavigationItem[] {
  const home = `/o/${slug}`
  return [
    { key: 'overview', label: 'shell.overview', icon: 'layout-dashboard', path: home },
    { key: 'instances', label: 'shell.instances', icon: 'server', path: `${home}/instances` },
    { key: 'backups', label: 'shell.backups', icon: 'archive', path: `${home}/backups` },
    { key: 'licenses', label: 'shell.licenses', icon: 'key-round', path: `${home}/licenses` },
    { key: 'operations', label: 'shell.activity', icon: 'history', path: `${home}/operations` },
    { key: 'members', label: 'shell.members', icon: 'users', path: `${home}/members` },
    { key: 'settings', label: 'shell.settings', icon: 'settings', path: `${home}/settings` },
  ]
}

export const ADMIN_NAVIGATION: NavigationItem[] = [
  { key: 'dashboard', label: 'shell.dashboard', icon: 'gauge', path: '/admin' },
  { key: 'clusters', label: 'shell.clusters', icon: 'boxes', path: '/admin/clusters' },
  { key: 'instances', label: 'shell.all_instances', icon: 'server', path: '/admin/instances' },
  { key: 'backups', label: 'shell.backups', icon: 'archive', path: '/admin/backups' },
  { key: 'drift', label: 'shell.drift', icon: 'unplug', path: '/admin/drift' },
  { key: 'images', label: 'shell.images', icon: 'disc-3', path: '/admin/images' },
  { key: 'plans', label: 'shell.plans', icon: 'layers', path: '/admin/plans' },
  {
    key: 'address_pools',
    label: 'shell.address_pools',
    icon: 'map-pin',
    path: '/admin/address-pools',
  },
  { key: 'port_pools', label: 'shell.port_pools', icon: 'waypoints', path: '/admin/port-pools' },
  { key: 'licenses', label: 'shell.licenses', icon: 'key-round', path: '/admin/licenses' },
  {
    key: 'organizations',
    label: 'shell.organizations',
    icon: 'building-2',
    path: '/admin/organizations',
  },
  { key: 'users', label: 'shell.users', icon: 'users', path: '/admin/users' },
  { key: 'operations', label: 'shell.operations', icon: 'list-checks', path: '/admin/operations' },
  { key: 'jobs', label: 'shell.jobs', icon: 'inbox', path: '/admin/jobs' },
  { key: 'audit', label: 'shell.audit', icon: 'scroll-text', path: '/admin/audit' },
]

/** The page a person is on: the item with the longest path that the address begins with. */
export function activeKey(items: NavigationItem[], path: string): string | null {
  const holding = items
    .filter((item) => path === item.path || path.startsWith(`${item.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)
  return holding[0]?.key ?? null
}
