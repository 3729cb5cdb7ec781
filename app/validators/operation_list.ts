import { OPERATION_STATES, OPERATION_TYPES } from '#models/types'
import type { OperationListRequest } from '#models/operation_list'
import { pageOf } from '#validators/instance_list'

/** Reads the address of the list of operations; what it does not know counts as not asked for. */
export function operationListRequest(query: Record<string, unknown>): OperationListRequest {
  const uid = (value: unknown) =>
    typeof value === 'string' && /^[a-z0-9]{1,24}$/.test(value) ? value : null
  return {
    state: OPERATION_STATES.find((state) => state === query.state) ?? null,
    type: OPERATION_TYPES.find((type) => type === query.type) ?? null,
    instance: uid(query.instance),
    organization: typeof query.org === 'string' ? query.org.slice(0, 60) : null,
    ...pageOf(query),
  }
}
