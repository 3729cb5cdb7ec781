import type { SnapshotApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { StepContext } from '#operations/definition'

/** @throws DriverError unsupported: the cluster had them when it was asked for, and has them no more */
export function snapshotsOf({ driver }: Pick<StepContext<never>, 'driver'>): SnapshotApi {
  if (driver.snapshots) return driver.snapshots
  throw new DriverError('unsupported', 'this cluster keeps no snapshots')
}
