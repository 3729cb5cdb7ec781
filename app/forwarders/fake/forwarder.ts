import { FakeAnswers } from '#drivers/fake/answers'
import { DriverError } from '#drivers/errors'
import type { FakeFile } from '#drivers/fake/file'
import type {
  Comparison,
  Forward,
  ForwarderConnection,
  ForwarderProblem,
  PlacedForward,
  PortForwarder,
} from '#forwarders/contract'

type ForwardRow = {
  ref: string
  protocol: string
  listen_address: string
  first_port: number
  last_port: number
  instance: string | null
  target_address: string
  target_port: number
}

const FOREIGN = 'foreign'

/** The reference: forwards kept in the file of the fake cluster, where `FakeCluster.reach` follows them. */
export class FakeForwarder implements PortForwarder {
  private readonly answers: FakeAnswers

  constructor({ cluster }: ForwarderConnection) {
    this.answers = new FakeAnswers(cluster)
  }

  async ensure(forwards: Forward[]): Promise<void> {
    for (const forward of forwards) {
      await this.answers.change('forward', forward.target.instance, ({ file }) =>
        place(file, forward)
      )
    }
  }

  async remove(forwards: PlacedForward[]): Promise<void> {
    if (forwards.length === 0) return
    await this.answers.change('unforward', forwards[0]!.instance ?? '', ({ file }) => {
      for (const { ref } of forwards) file.run('DELETE FROM forwards WHERE ref = ?', ref)
    })
  }

  compare(wanted: Forward[]): Promise<Comparison> {
    return this.answers.give('forwards', null, ({ file }) => {
      const rows = file.all<ForwardRow>(
        'SELECT * FROM forwards WHERE ref NOT LIKE ?',
        `${FOREIGN}%`
      )
      const placed = new Map(rows.map((row) => [row.ref, row]))
      const known = new Set(wanted.map(({ ref }) => ref))
      return {
        missing: wanted.filter((forward) => {
          const row = placed.get(forward.ref)
          return row === undefined || !isSame(row, forward)
        }),
        stray: rows.filter(({ ref }) => !known.has(ref)),
      }
    })
  }

  check(): Promise<ForwarderProblem[]> {
    return this.answers.give('probe', null, () => [])
  }

  async close(): Promise<void> {
    this.answers.close()
  }
}

export function createForwarder(connection: ForwarderConnection): PortForwarder {
  return new FakeForwarder(connection)
}

function place(file: FakeFile, forward: Forward): void {
  const { ref, protocol, listenAddress, firstPort, lastPort, target } = forward
  const others = file.all<{ ref: string }>(
    `SELECT ref FROM forwards WHERE ref <> ? AND protocol = ? AND listen_address = ?
       AND first_port <= ? AND last_port >= ?`,
    ref,
    protocol,
    listenAddress,
    lastPort,
    firstPort
  )
  for (const other of others) {
    if (other.ref.startsWith(FOREIGN)) {
      throw new DriverError('already_exists', `port ${firstPort}-${lastPort} is somebody else's`)
    }
    file.run('DELETE FROM forwards WHERE ref = ?', other.ref)
  }
  file.run(
    'INSERT OR REPLACE INTO forwards VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ref,
    protocol,
    listenAddress,
    firstPort,
    lastPort,
    target.instance,
    target.address,
    target.firstPort
  )
}

function isSame(row: ForwardRow, forward: Forward): boolean {
  return (
    row.protocol === forward.protocol &&
    row.listen_address === forward.listenAddress &&
    row.first_port === forward.firstPort &&
    row.last_port === forward.lastPort &&
    row.instance === forward.target.instance &&
    row.target_address === forward.target.address &&
    row.target_port === forward.target.firstPort
  )
}
