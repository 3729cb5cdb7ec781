import type { OperationRow } from '#models/operation_list'
import type Organization from '#models/organization'
import type Quota from '#models/quota'
import { INSTANCE_PHASES, QUOTA_RESOURCES, type InstancePhase } from '#models/types'
import { operationRow } from '#transformers/operation_list'

type Source = {
  phases: Map<InstancePhase, number>
  running: OperationRow[]
  recent: OperationRow[]
  quotas: Quota[]
}

export function overviewPage(organization: Organization, source: Source) {
  const home = `/o/${organization.slug}`
  const total = [...source.phases.values()].reduce((sum, count) => sum + count, 0)
  const count = (phase: InstancePhase) => source.phases.get(phase) ?? 0
  return {
    name: organization.name,
    home,
    total,
    running: count('running'),
    hasEver: total > 0 || source.recent.length > 0 || source.running.length > 0,
    phases: INSTANCE_PHASES.filter((phase) => count(phase) > 0).map((phase) => ({
      phase,
      count: count(phase),
      href: `${home}/instances?q=status:${phase}`,
    })),
    attention: {
      failed: count('failed'),
      missing: count('missing'),
      stuck: source.running
        .filter(({ state }) => state === 'needs_attention')
        .map((row) => operationRow(row, home)),
    },
    operations: source.running
      .filter(({ state }) => state !== 'needs_attention')
      .map((row) => operationRow(row, home)),
    recent: source.recent.map((row) => operationRow(row, home)),
    quotas: QUOTA_RESOURCES.flatMap((resource) => {
      const quota = source.quotas.find((row) => row.resource === resource)
      return quota && SHOWN.has(resource)
        ? [{ resource, used: quota.used, maximum: quota.maximum }]
        : []
    }),
  }
}

const SHOWN = new Set(['instances', 'cpus', 'memory_mib', 'disk_gib', 'addresses'])
