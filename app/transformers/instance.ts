import type { PowerAction } from '#drivers/contract'
import Instance, { type InstanceStatus } from '#models/instance'
import type Membership from '#models/membership'
import type Organization from '#models/organization'
import { operationItem, stepOf } from '#transformers/operation'

/** Why something cannot be done now: a key below `instances.why`; null when it can. */
type Refusal = 'role' | 'busy' | 'failed' | 'missing' | 'runs' | 'stopped' | null

/** The page of one instance. Everything it needs was loaded by `loadForPage`. */
export function instancePage(
  instance: Instance,
  organization: Organization,
  membership: Membership
) {
  const home = `/o/${organization.slug}`
  const open = instance.openOperation
  const status = Instance.status(instance.phase, open)
  const addresses = instance.addresses.map(({ family, address }) => ({ family, address }))
  const mayPower = membership.isAtLeast('operator')
  const secret = instance.secrets[0]
  const created = instance.operations.find(({ type }) => type === 'instance.create')
  return {
    uid: instance.uid,
    name: instance.name,
    path: `${home}/instances/${instance.uid}`,
    listPath: `${home}/instances`,
    operationsPath: `${home}/operations?instance=${instance.uid}`,
    status,
    image: instance.image ? (instance.image.title ?? instance.image.name) : null,
    kind: instance.kind,
    plan: instance.plan?.name ?? null,
    cpus: instance.cpus,
    memoryMib: instance.memoryMib,
    diskGib: instance.diskGib,
    ingressMbps: instance.ingressMbps,
    egressMbps: instance.egressMbps,
    trafficGib: instance.plan?.trafficGib ?? null,
    cluster: instance.cluster.name,
    isClusterSilent: instance.cluster.status === 'offline',
    clusterSeenAt: instance.cluster.lastSeenAt,
    node: instance.node?.name ?? null,
    macAddress: instance.macAddress,
    createdAt: instance.createdAt,
    createdBy: instance.createdBy?.displayName ?? null,
    observedAt: instance.observedAt,
    addresses,
    ssh: addresses.map(({ address }) => `ssh root@${address}`),
    isReachable: status === 'running',
    password: passwordState(instance, secret ?? null),
    mayReveal: membership.isAtLeast('operator'),
    sshKeyCount: (created?.input.sshKeys as string[] | undefined)?.length ?? null,
    open: open
      ? {
          ...operationItem(open, instance.name, home),
          ...stepOf(open),
          isStuck: open.state === 'needs_attention',
        }
      : null,
    failed: status === 'failed' && created ? operationItem(created, instance.name, home) : null,
    history: instance.operations.map((operation) => operationItem(operation, instance.name, home)),
    power: {
      start: powerRefusal('start', instance, status, mayPower),
      stop: powerRefusal('stop', instance, status, mayPower),
      restart: powerRefusal('restart', instance, status, mayPower),
      force_stop: powerRefusal('force_stop', instance, status, mayPower),
    },
    deletion: deletionRefusal(instance, membership),
  }
}

function passwordState(instance: Instance, secret: Instance['secrets'][number] | null) {
  const created = instance.operations.find(({ type }) => type === 'instance.create')
  if (created?.input.isPasswordKnown) return 'own'
  if (!instance.isProvisioned) return 'not_yet'
  if (secret?.isReadable) return 'readable'
  return secret?.shownAt ? 'shown' : 'gone'
}

function powerRefusal(
  action: PowerAction,
  instance: Instance,
  status: InstanceStatus,
  mayPower: boolean
): Refusal {
  if (!mayPower) return 'role'
  if (instance.openOperation) return 'busy'
  if (status === 'failed') return 'failed'
  if (status === 'missing') return 'missing'
  if (action === 'start') return status === 'running' ? 'runs' : null
  return status === 'stopped' ? 'stopped' : null
}

function deletionRefusal(instance: Instance, membership: Membership): Refusal {
  if (!membership.isAtLeast('admin')) return 'role'
  return instance.openOperation ? 'busy' : null
}
