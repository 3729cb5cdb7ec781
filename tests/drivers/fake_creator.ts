/* A process of its own for fake.spec.ts: makes instances until there is no room, tells how many. */
import { driverFor } from '#drivers/registry'
import { DriverError } from '#drivers/errors'

const [endpoint] = process.argv.slice(2)
const driver = await driverFor({
  driver: 'fake',
  endpoint,
  tlsFingerprint: null,
  credentials: {},
  settings: { createMs: 0 },
  facts: null,
})

let created = 0
while (true) {
  try {
    await driver.instances.create({
      ref: `p${process.pid}-${created}`,
      stamp: 'shared',
      kind: 'container',
      node: null,
      image: 'debian-12',
      size: { cpus: 1, memoryMib: 512, diskGib: 1, ingressMbps: null, egressMbps: null },
      storagePool: 'default',
      network: 'lxdbr0',
      addresses: [],
      nameservers: [],
      macAddress: null,
    })
    created += 1
  } catch (error) {
    if (error instanceof DriverError && error.kind === 'out_of_capacity') break
    throw error
  }
}
await driver.close()
process.send!(created)
