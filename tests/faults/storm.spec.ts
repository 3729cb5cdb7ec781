import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { CrashingWorker } from '#tests/support/crash'
import { Dice } from '#tests/support/dice'
import { FaultGround, missingForWebs } from '#tests/support/fault_ground'
import { assertWhole, sceneries, type Scene } from '#tests/support/fault_scene'
import { until, type Web } from '#tests/support/processes'
import { patiently } from '#tests/support/steps'
import { Visitor } from '#tests/support/visitor'
import { PASSWORD, ROOT_PASSWORD, type TestTenant } from '#tests/support/world'

/** Long enough that what happens falls into the middle of something. */
const SLOW = { createMs: 300, powerMs: 150, destroyMs: 150 }
const ORDERS_WITHIN_MS = 4_000
const ALL_OVER_MS = 60_000

const missing = missingForWebs()

for (const { name, prepare, without, isQuick } of sceneries) {
  test.group(`Two web and two worker processes, on ${name}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('make an instance of every order, whoever dies').skip(true, reason)
      return
    }

    let ground: FaultGround
    let scene: Scene
    let webs: Web[] = []
    let crew: Crew | undefined

    group.setup(async () => {
      ground = await FaultGround.shared()
      webs = await Promise.all([ground.web(), ground.web()])
      return async () => {
        await Promise.all(webs.map((web) => web.process.stop()))
      }
    })
    group.each.setup(async () => {
      scene = await prepare(SLOW)
      return async () => {
        await crew?.dismiss()
        await scene.close()
      }
    })

    test('make one instance of every order, whoever dies and whatever is lost (seed {$self})')
      .with(isQuick ? [1, 2] : [3])
      .run(async ({ assert }, seed) => {
        const dice = new Dice(seed)
        const deaths = Array.from({ length: isQuick ? 8 : 5 }, () => dice.between(4, 24))
        const wishes = Array.from({ length: isQuick ? 24 : 12 }, (_, index) => ({
          tenant: dice.pick([scene.acme, scene.globex]),
          name: `web-${index}`,
          afterMs: dice.below(ORDERS_WITHIN_MS),
        }))
        const visitors = new Map<TestTenant, Visitor>()
        for (const tenant of [scene.acme, scene.globex]) {
          const web = dice.pick(webs)
          visitors.set(tenant, await Visitor.signIn(tenant.owner.email, PASSWORD, web.url))
        }

        crew = new Crew(ground, 2, [...deaths])
        const orders = wishes.map(async ({ tenant, name: wanted, afterMs }) => {
          await sleep(afterMs)
          return order(visitors.get(tenant)!, tenant, wanted)
        })
        await Promise.all([...orders, weather(dice), crew.isComplete()])
        await until('nothing is under way any more', () => patiently(isQuiet), ALL_OVER_MS)

        const operations = await db.from('operations').where('cluster_id', scene.cluster.id)
        assert.lengthOf(operations, wishes.length)
        assert.isTrue(operations.every(({ state }) => state === 'succeeded'))
        await assertWhole(assert, scene)
        const rows = await db.from('instances').where('cluster_id', scene.cluster.id)
        assert.sameMembers(
          rows.map((row) => row.name),
          wishes.map((wish) => wish.name)
        )
        assert.equal(crew.deaths, deaths.length)
      })

    /** Tries every web process in turn until one of them took it, always with the same request key. */
    async function order(visitor: Visitor, { path }: TestTenant, wanted: string): Promise<void> {
      const fields = {
        name: wanted,
        image: scene.image.uid,
        plan: scene.plan.uid,
        network: 'all',
        password_choice: 'own',
        password: ROOT_PASSWORD,
        request_key: randomUUID(),
      }
      let last = ''
      for (const deadline = Date.now() + ALL_OVER_MS; Date.now() < deadline; await sleep(150)) {
        const web = webs.shift()!
        webs.push(web)
        try {
          const answer = await visitor.submit(web.url, `${path}/instances`, fields)
          const leadsTo = answer.headers.get('location') ?? ''
          last = `${answer.status} ${leadsTo}`
          if (leadsTo.startsWith(`${path}/operations/`)) return
          if (answer.status < 500) break
        } catch (error) {
          last = String(error)
        }
      }
      throw new Error(`${wanted} was ordered in vain: ${last}`)
    }

    /** Redis loses all it has, MariaDB and a web process are killed and come back. */
    async function weather(dice: Dice): Promise<void> {
      await sleep(dice.between(300, 1_000))
      await ground.flushRedis()
      await sleep(dice.between(300, 1_000))
      ground.killDatabase()
      await sleep(dice.between(0, 600))
      await ground.startDatabase()
      await sleep(dice.between(0, 500))
      await webs.shift()!.process.die()
      webs.push(await ground.web())
      await ground.flushRedis()
    }

    async function isQuiet(): Promise<boolean> {
      const open = await db
        .from('operations')
        .where('cluster_id', scene.cluster.id)
        .whereNotNull('open_on')
        .whereNot('state', 'needs_attention')
      return open.length === 0
    }
  })
}

/** So many workers at any time. Who dies is followed by another, until nobody is left who has to die. */
class Crew {
  deaths = 0
  private readonly workers: CrashingWorker[] = []
  private readonly posts: Promise<void>[]

  constructor(
    private readonly ground: FaultGround,
    size: number,
    private readonly livesInPlaces: number[]
  ) {
    this.posts = Array.from({ length: size }, () => this.hold())
  }

  /** Resolves when all have died who had to, and those work who stay. */
  async isComplete(): Promise<void> {
    await Promise.all(this.posts)
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.die()))
  }

  private async hold(): Promise<void> {
    let standing = this.standBy()
    while (true) {
      const places = this.livesInPlaces.shift()
      const worker = await standing
      await worker.go(...(places === undefined ? [] : [{ deed: 'die after' as const, places }]))
      if (places === undefined) return
      standing = this.standBy()
      await worker.dies(`place ${places}`)
      this.deaths += 1
    }
  }

  /** Booted while another one still works: it takes nothing before it is its turn. */
  private async standBy(): Promise<CrashingWorker> {
    const worker = await CrashingWorker.standBy(this.ground.variables)
    this.workers.push(worker)
    return worker
  }
}
