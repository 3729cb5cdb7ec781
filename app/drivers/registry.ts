import type {
  ClusterConnection,
  ComputeDriver,
  DriverName,
  ServerIdentity,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'

/** What `app/drivers/<vendor>/driver.ts` exports. */
export type DriverModule = {
  createDriver(connection: ClusterConnection): ComputeDriver
  /** First contact: what the server shows, without trusting it. null: it has nothing to pin. */
  identify(endpoint: string): Promise<ServerIdentity | null>
  /**
   * Where a vendor can: has the server trust our client certificate by a secret its operator gave us, a
   * password or a token. The secret is used once and kept nowhere. Trusted already: succeeds.
   * @throws DriverError unauthorized when the secret is wrong
   */
  trustClient?(connection: ClusterConnection, secret: string): Promise<void>
}

/** A further vendor is a folder, one line here, and one spec that calls the conformance suite. */
const drivers: Record<DriverName, () => Promise<DriverModule>> = {
  fake: () => import('#drivers/fake/driver'),
  lxd: () => import('#drivers/lxd/driver'),
  proxmox: () => import('#drivers/proxmox/driver'),
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

export async function canTrustClient(driver: DriverName): Promise<boolean> {
  const { trustClient: trust } = await drivers[driver]()
  return trust !== undefined
}

export async function trustClient(connection: ClusterConnection, secret: string): Promise<void> {
  const { trustClient: trust } = await drivers[connection.driver]()
  if (!trust) {
    throw new DriverError('unsupported', `${connection.driver} knows no trust by a secret`)
  }
  await trust(connection, secret)
}
