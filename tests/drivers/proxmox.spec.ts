import { test } from '@japa/runner'
import type { ClusterConnection, ClusterFacts, InstanceSpec } from '#drivers/contract'
import { driverFor } from '#drivers/registry'
import { driverConformance } from '#tests/drivers/conformance'
import { TEMPLATE } from '#tests/support/proxmox_world'
import { ProxmoxSimulator } from '#tests/support/simulators/proxmox/simulator'

const THREE = ['pve1', 'pve2', 'pve3'].map((name) => ({ name }))

let counter = 0
function specOf(changes: Partial<InstanceSpec> = {}): InstanceSpec {
  counter += 1
  return {
    ref: String(20_000 + counter),
    stamp: `stamp-${counter}`,
    kind: 'container',
    node: null,
    image: TEMPLATE,
    size: { cpus: 1, memoryMib: 512, diskGib: 8, ingressMbps: 100, egressMbps: 100 },
    storagePool: 'tank',
    network: 'vmbr0',
    addresses: [
      {
        family: 4,
        address: `10.250.${80 + (counter >> 8)}.${counter & 255}`,
        prefixLength: 16,
        gateway: '10.250.80.1',
      },
    ],
    nameservers: ['10.250.80.1'],
    macAddress: null,
    ...changes,
  }
}

function connectionTo(
  simulator: ProxmoxSimulator,
  changes: Partial<ClusterConnection> = {}
): ClusterConnection {
  return {
    driver: 'proxmox',
    endpoint: simulator.endpoint,
    tlsFingerprint: simulator.fingerprint,
    credentials: { tokenId: simulator.tokenId, tokenSecret: simulator.token },
    settings: { storagePool: 'tank', stopSeconds: 2 },
    facts: null,
    ...changes,
  }
}

test.group('Proxmox VE driver', (group) => {
  let simulator: ProxmoxSimulator
  let facts: ClusterFacts

  group.setup(async () => {
    simulator = await ProxmoxSimulator.start({ nodes: THREE })
    const driver = await driverFor(connectionTo(simulator))
    facts = await driver.probe().finally(() => driver.close())
    return () => simulator.close()
  })
  group.each.teardown(() => {
    const [invalid] = simulator.invalidRequests.filter(({ call }) => !EXPECTED.test(call))
    if (invalid) throw new Error(`a request the real one refuses: ${JSON.stringify(invalid)}`)
  })

  const guestOf = (ref: string) => simulator.cluster.guests.get(Number(ref))!

  driverConformance(group, {
    connection: async () => connectionTo(simulator, { facts }),
    spec: async () => specOf(),
    otherSize: { cpus: 2, memoryMib: 1_024, diskGib: 9, ingressMbps: 50, egressMbps: 50 },
    startResolutionMs: 1_000,
    unknownTaskId: 'UPID:pve1:0000ABCD:0000ABCD:67000000:vzstart:20001:portico@pve!portal:',
    broken: async () => [
      {
        connection: connectionTo(simulator, { endpoint: 'https://127.0.0.1:9' }),
        kind: 'unreachable',
      },
      {
        connection: connectionTo(simulator, { endpoint: 'http://127.0.0.1:8006' }),
        kind: 'invalid',
      },
      {
        connection: connectionTo(simulator, { tlsFingerprint: 'ab'.repeat(32) }),
        kind: 'tls_mismatch',
      },
      { connection: connectionTo(simulator, { tlsFingerprint: null }), kind: 'tls_mismatch' },
      { connection: connectionTo(simulator, { credentials: {} }), kind: 'unauthorized' },
      {
        connection: connectionTo(simulator, {
          credentials: { tokenId: simulator.tokenId, tokenSecret: 'canary-0000-not-the-token' },
        }),
        kind: 'unauthorized',
      },
    ],
    refusedTask: async (driver, make) => {
      const { ref } = await make()
      simulator.failTask('vzstart', 'startup for container failed')
      return driver.instances.power(ref, 'start')
    },
    ignoreStop: async (ref) => {
      guestOf(ref).ignoresShutdown = true
    },
    isRootPassword: async () => false,
    authorizedKeys: async () => [],
    breakStart: async () => simulator.failTask('vzstart', "bridge 'vmbr9' does not exist"),
    hostName: async ({ ref }) => guestOf(ref).name,
    // A simulated guest is never idle.
    work: async () => {},
  })
})

/** Asked to find out whether it is so, which the real one answers with 400, too. */
const EXPECTED = /nextid|\/tasks\/\{upid\}\/status/
