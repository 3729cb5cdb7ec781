import type {
  ClusterWarning,
  DoctorApi,
  GuestReach,
  NetworkHealth,
  RemoteNetwork,
} from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type { FakeAnswers } from '#drivers/fake/answers'
import { findRow } from '#drivers/fake/instance'

/** How it fares is told by its options: `networksDown`, `warnings`, `gatewayLost` and the like. */
export class FakeDoctor implements DoctorApi {
  constructor(private readonly answers: FakeAnswers) {}

  networks(names: string[]): Promise<NetworkHealth[]> {
    return this.answers.give('network_health', null, ({ file, options }) =>
      names.map((name) => {
        const row = file.get<{ network: string }>(
          'SELECT network FROM networks WHERE name = ?',
          name
        )
        if (!row) return { name, isThere: false, isUp: null, addresses: [], hasNat: null }
        const { ipv4, ipv6 } = JSON.parse(row.network) as RemoteNetwork
        return {
          name,
          isThere: true,
          isUp: options.networksDown === 0,
          addresses: [ipv4, ipv6].flatMap((subnet) => (subnet ? [subnet.split('/')[0]!] : [])),
          hasNat: true,
        }
      })
    )
  }

  warnings(): Promise<ClusterWarning[]> {
    return this.answers.give('warnings', null, ({ options }) =>
      Array.from({ length: options.warnings }, (_, index) => ({
        message: `the fake cluster warns of ${index + 1}`,
        node: null,
        count: 1,
      }))
    )
  }

  reach(ref: string): Promise<GuestReach> {
    return this.answers.give('reach', ref, ({ file, options }) => {
      const row = findRow(file, ref)
      if (!row) throw new DriverError('not_found', `there is no instance ${ref} on this cluster`)
      if (row.power !== 'running') throw new DriverError('invalid', 'the instance does not run')
      return {
        gateway: options.gatewayLost === 0,
        names: options.namesLost === 0,
        outside: options.outsideLost === 0,
      }
    })
  }
}
