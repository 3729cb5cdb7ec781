import type {
  ClusterConnection,
  ComputeDriver,
  DriverName,
  ServerIdentity,
} from '#drivers/contract'

type DriverModule = {
  createDriver(connection: ClusterConnection): ComputeDriver
  /** First contact: what the server shows, without trusting it. */
  identify(endpoint: string): Promise<ServerIdentity | null>
}

/** A further vendor is a folder, one line here, and one spec that calls the conformance suite. */
const drivers: Record<DriverName, () => Promise<DriverModule>> = {
  fake: () => import('#drivers/fake/driver'),
  lxd: () => import('#drivers/lxd/driver'),
}

export async function driverFor(connection: ClusterConnection): Promise<ComputeDriver> {
  const { createDriver } = await drivers[connection.driver]()
  return createDriver(connection)
}

export async function identifyServer(
  driver: DriverName,
  endpoint: string
): Promise<ServerIdentity | null> {
  const { identify } = await drivers[driver]()
  return identify(endpoint)
}
