import type Instance from '#models/instance'
import { instanceFrame, type Onlooker } from '#transformers/instance_frame'
import type { UsageHistory } from '#models/usage_history'
import { operationItem } from '#transformers/operation'
import { usageInShort } from '#transformers/usage'

/** The overview of one instance. Needs `Instance.forPage` and `loadForOverview`; `lastHour` where it is measured. */
export function instancePage(
  instance: Instance,
  onlooker: Onlooker,
  lastHour: UsageHistory | null = null
) {
  const { membership, home } = onlooker
  const frame = instanceFrame(instance, onlooker, 'overview')
  const addresses = instance.addresses.map(({ family, address }) => ({ family, address }))
  const created = instance.operations.find(({ type }) => type === 'instance.create')
  return {
    frame,
    path: frame.path,
    status: frame.status,
    plan: frame.plan,
    kind: instance.kind,
    cpus: instance.cpus,
    memoryMib: instance.memoryMib,
    diskGib: instance.diskGib,
    ingressMbps: instance.ingressMbps,
    egressMbps: instance.egressMbps,
    macAddress: instance.macAddress,
    observedAt: instance.observedAt,
    addresses,
    forwards: instance.portForwards.map(({ publicAddress, protocol }) => ({
      address: publicAddress,
      protocol: protocol.toUpperCase(),
    })),
    ssh: sshCommands(instance),
    usage: lastHour && usageInShort(lastHour, instance.size),
    isReachable: frame.status === 'running',
    password: passwordState(instance, instance.secrets[0] ?? null),
    mayReveal: membership.isAtLeast('operator'),
    sshKeyCount: (created?.input.sshKeys as string[] | undefined)?.length ?? null,
    history: instance.operations.map((operation) => operationItem(operation, instance.name, home)),
  }
}

/** Through the port that came with it first: that is the way in from outside. */
function sshCommands({ portForwards, addresses }: Instance): string[] {
  const ways = portForwards.filter(({ isForSsh, appliedAt }) => isForSsh && appliedAt !== null)
  return [
    ...ways.map(({ address, firstPort }) => `ssh -p ${firstPort} root@${address}`),
    ...addresses.map(({ address }) => `ssh root@${address}`),
  ]
}

function passwordState(instance: Instance, secret: Instance['secrets'][number] | null) {
  if (!instance.isProvisioned) return 'not_yet'
  if (secret?.isReadable) return 'readable'
  if (secret?.appliedAt && secret.isOwn) return 'own'
  return secret?.shownAt ? 'shown' : 'gone'
}
