import { DriverError } from '#drivers/errors'
import type {
  CarrierHealth,
  Comparison,
  Forward,
  ForwarderConnection,
  ForwarderProblem,
  PlacedForward,
  PortForwarder,
} from '#forwarders/contract'
import type { RouterProtocol } from '#forwarders/ikuai/protocol'
import {
  ALL_INTERFACES,
  isSameRule,
  markOf,
  overlaps,
  ruleFor,
  type NewRule,
  type RouterRule,
} from '#forwarders/ikuai/rules'
import { SessionProtocol } from '#forwarders/ikuai/session_protocol'
import { TokenProtocol } from '#forwarders/ikuai/token_protocol'
import { RouterTransport } from '#forwarders/ikuai/transport'

/** Who writes on a router in this process, by its address: it can neither compare and set nor take back. */
const writers = new Map<string, Promise<unknown>>()

/**
 * Destination NAT on an iKuai router, which stands in front of the nodes. Ours are known by their comment, and
 * no other is ever touched. The router cannot tell one add from its repetition: each change begins with a
 * reading and ends with one, and what is then there twice is removed.
 */
export class IkuaiForwarder implements PortForwarder {
  private readonly transport: RouterTransport
  private readonly router: RouterProtocol
  private readonly label: string
  private readonly endpoint: string
  private readonly listenInterface: string | null

  constructor({ cluster, label, listenInterface, router }: ForwarderConnection) {
    if (!router) throw new DriverError('invalid', 'no router is named')
    this.transport = new RouterTransport(router, cluster)
    this.router =
      router.token === null
        ? new SessionProtocol(this.transport, router)
        : new TokenProtocol(this.transport, router.token)
    this.label = label
    this.endpoint = router.endpoint
    this.listenInterface = listenInterface
  }

  async ensure(forwards: Forward[]): Promise<void> {
    if (forwards.length === 0) return
    await this.alone(async () => {
      const wanted = await this.rulesFor(forwards)
      const before = await this.router.rules()
      for (const rule of wanted) await this.place(rule, before)
      const after = await this.router.rules()
      for (const rule of wanted) {
        const [first, ...doubles] = after.filter(({ comment }) => comment === rule.comment)
        for (const double of doubles) await this.router.remove(double.id)
        if (first && isSameRule(first, rule)) continue
        throw new DriverError('task_lost', `${this.transport.where} did not keep ${rule.comment}`)
      }
    })
  }

  async remove(forwards: PlacedForward[]): Promise<void> {
    if (forwards.length === 0) return
    const refs = new Set(forwards.map(({ ref }) => ref))
    await this.alone(async () => {
      for (const rule of await this.ours()) {
        if (refs.has(markOf(rule)!.ref)) await this.router.remove(rule.id)
      }
    })
  }

  async compare(wanted: Forward[]): Promise<Comparison> {
    const rules = await this.rulesFor(wanted)
    const ours = await this.ours()
    const known = new Set(wanted.map(({ ref }) => ref))
    return {
      missing: wanted.filter((_, index) => {
        const same = ours.filter(({ comment }) => comment === rules[index]!.comment)
        return same.length !== 1 || !isSameRule(same[0]!, rules[index]!)
      }),
      stray: ours
        .map((rule) => markOf(rule)!.ref)
        .filter((ref) => !known.has(ref))
        .map((ref) => ({ ref, instance: null })),
    }
  }

  async check(): Promise<ForwarderProblem[]> {
    const { lines } = await this.router.state()
    if (lines === null || this.listenInterface === null) return []
    return lines.some(({ name }) => name === this.listenInterface) ? [] : ['no_interface']
  }

  async health(): Promise<CarrierHealth> {
    const [rules, version] = await Promise.all([this.router.rules(), this.router.version()])
    return {
      product: `iKuai ${version ?? this.router.generation}`,
      rules: rules.length,
      ours: rules.filter((rule) => markOf(rule)?.label === this.label).length,
    }
  }

  async close(): Promise<void> {
    this.transport.close()
  }

  /** `before` is what the router was seen to have; what is changed here is changed in it, too. */
  private async place(wanted: NewRule, before: RouterRule[]): Promise<void> {
    const [mine, ...doubles] = before.filter(({ comment }) => comment === wanted.comment)
    const inTheWay = before.filter(
      (rule) => rule.comment !== wanted.comment && overlaps(rule, wanted)
    )
    // What another cluster of ours keeps on the same router is not ours to move either.
    const foreign = inTheWay.find((rule) => markOf(rule)?.label !== this.label)
    if (foreign) {
      throw new DriverError(
        'already_exists',
        `port ${wanted.wanPort} is somebody else's: rule ${foreign.id} of ${this.transport.where}`
      )
    }
    for (const rule of [...inTheWay, ...doubles]) {
      await this.router.remove(rule.id)
      before.splice(before.indexOf(rule), 1)
    }
    if (!mine) {
      await this.router.add(wanted)
      before.push({ ...wanted, id: 'new' })
    } else if (!isSameRule(mine, wanted)) {
      await this.router.edit(mine.id, wanted)
      Object.assign(mine, wanted)
    }
  }

  private async ours(): Promise<RouterRule[]> {
    const rules = await this.router.rules()
    return rules.filter((rule) => markOf(rule)?.label === this.label)
  }

  /** A line is named where one carries the listen address; a router behind another one knows it by no line. */
  private async rulesFor(forwards: Forward[]): Promise<NewRule[]> {
    const { lines } = forwards.length > 0 ? await this.router.state() : { lines: null }
    const lineOf = (address: string) => lines?.find((line) => line.address === address)?.name
    return forwards.map((forward) =>
      ruleFor(
        forward,
        this.label,
        lineOf(forward.listenAddress) ?? this.listenInterface ?? ALL_INTERFACES
      )
    )
  }

  private async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = writers.get(this.endpoint)
    const mine = (before ?? Promise.resolve()).then(work, work)
    writers.set(this.endpoint, mine)
    try {
      return await mine
    } finally {
      if (writers.get(this.endpoint) === mine) writers.delete(this.endpoint)
    }
  }
}

export function createForwarder(connection: ForwarderConnection): PortForwarder {
  return new IkuaiForwarder(connection)
}
