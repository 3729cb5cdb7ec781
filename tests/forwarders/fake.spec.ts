import { test } from '@japa/runner'
import { FakeCluster } from '#drivers/fake/cluster'
import { FakeForwarder } from '#forwarders/fake/forwarder'
import { forwarderConformance } from '#tests/forwarders/conformance'
import { fakeEndpoint } from '#tests/support/fake_endpoint'

test.group('Fake forwarder', (group) => {
  forwarderConformance(group, async () => {
    const { endpoint } = FakeCluster.create(fakeEndpoint())
    const fake = FakeCluster.open(endpoint)
    const address = '203.0.113.7'
    return {
      open: () =>
        new FakeForwarder({
          kind: 'fake',
          label: 'cfake',
          cluster: {
            driver: 'fake',
            endpoint,
            tlsFingerprint: null,
            credentials: {},
            settings: {},
            facts: null,
          },
          listenInterface: null,
          masquerade: false,
          ssh: null,
          router: null,
        }),
      listenAddress: address,
      guests: [
        { ref: 'guest-1', address: '10.0.0.11' },
        { ref: 'guest-2', address: '10.0.0.12' },
      ],
      knock: async (protocol, port) => fake.reach(address, protocol, port),
      placeForeign: async (port) => fake.placeForeignForward(address, 'tcp', port, 'guest-1', 9000),
      removeForeign: async () => {},
      lose: async () => fake.loseForwards(),
    }
  })
})
