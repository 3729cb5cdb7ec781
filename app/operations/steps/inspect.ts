import type { ComputeDriver, InspectApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'

/** @throws DriverError unsupported */
export function inspectOf({ inspect }: ComputeDriver): InspectApi {
  if (inspect) return inspect
  throw new DriverError('unsupported', 'instances of this cluster cannot be inspected')
}
