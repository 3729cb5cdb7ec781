/* The memory of a web process over 10,000 requests, and of a worker over 10,000 operations.
   On the fake cluster: the most of it after the warm-up, and how much it grew until the end. */
import { randomUUID } from 'node:crypto'
import { PRODUCTION, withPortico } from './support/app.js'
import { Portal } from './support/portal.js'
import { MemoryCourse } from './support/resident.js'

const WARM_UP = 2_000
const REQUESTS = 10_000
const OPERATIONS = 10_000
/** So many at once. */
const LANES = 16
const LOOK_EVERY = 100

const ORGANIZATIONS = 20
const INSTANCES = 1_000
const PASSWORD = randomUUID()

await withPortico(async () => {
  const { foundFleet, fill } = await import('./support/fleet.js')
  const fleet = await foundFleet(ORGANIZATIONS, PASSWORD)
  await fill(fleet, INSTANCES, () => fleet.organizations[0]!)

  const web = await ofWeb(fleet.owner.email, `/o/${fleet.organizations[0]!.slug}`)
  say(`web: ${web.highestMb} MB, grown by ${web.growthMb}`)
  const worker = await ofWorker(fleet)
  say(`worker: ${worker.highestMb} MB, grown by ${worker.growthMb}`)
  return {
    webRssMb: web.highestMb,
    webGrowthMb: web.growthMb,
    workerRssMb: worker.highestMb,
    workerGrowthMb: worker.growthMb,
    requests: REQUESTS,
    operations: OPERATIONS,
  }
})

type Fleet = Awaited<ReturnType<(typeof import('./support/fleet.js'))['foundFleet']>>

async function ofWeb(email: string, home: string): Promise<MemoryCourse> {
  const portal = await Portal.start('server', LANES)
  try {
    await portal.signIn(email, PASSWORD)
    const paths = await pagesOf(portal, home)
    const visit = async (number: number) => {
      const { status } = await portal.get(paths[number % paths.length]!)
      if (status !== 200) throw new Error(`${paths[number % paths.length]} answered ${status}`)
    }
    await inLanes(WARM_UP, visit)
    const course = new MemoryCourse(portal.pid)
    await inLanes(REQUESTS, async (number) => {
      if (number % LOOK_EVERY === 0) course.look()
      await visit(number)
    })
    course.look()
    return course
  } finally {
    await portal.stop()
  }
}

/** What somebody looks at in an ordinary day; the list of instances most of all. */
async function pagesOf(portal: Portal, home: string): Promise<string[]> {
  const list = `${home}/instances`
  const { body } = await portal.get(list)
  const instances = [...body.matchAll(/href="(\/o\/[^"/]+\/instances\/i[a-z0-9]{14})"/g)].map(
    ([, path]) => path!
  )
  if (instances.length === 0) throw new Error('the list names no instance')
  const others = ['', '/operations', '/members', '/settings', '/activity', '/instances/create']
  return [
    ...instances.slice(0, 10).flatMap((instance) => [list, instance]),
    ...others.map((path) => home + path),
    `${list}?sort=name`,
    `${list}?q=web`,
  ]
}

/** Instances come, are stopped, started and deleted. */
async function ofWorker(fleet: Fleet): Promise<MemoryCourse> {
  const { default: Instance } = await import('#models/instance')
  const { Tenant } = await import('#models/concerns/tenant')
  const { FakeCluster } = await import('#drivers/fake/cluster')
  const { PRODUCTION_BUILD, startWorker } = await import('#tests/support/processes')
  const { listenForEnds } = await import('./support/ends.js')
  const [organization] = fleet.organizations
  const { plan, image } = fleet
  const fake = FakeCluster.create(fleet.cluster.endpoint, {
    nodes: fleet.nodes.map(({ name, cpus, memoryMib, diskGib }) => ({
      name,
      cpus,
      memoryMib,
      diskGib,
    })),
  })
  const ends = await listenForEnds()
  const worker = await startWorker(PRODUCTION, PRODUCTION_BUILD)
  const inside = <T>(work: () => Promise<T>) => Tenant.run(organization!.id, work)
  const live = async (name: string, ended: () => void) => {
    const { instance, operation } = await inside(() =>
      Instance.order(organization!, {
        name,
        plan,
        image,
        rootPassword: PASSWORD,
        sshKeys: [],
        requestedBy: null,
      })
    )
    await ends.of(operation)
    ended()
    await inside(() => instance.refresh())
    for (const action of ['stop', 'start'] as const) {
      await ends.of(await inside(() => instance.power(action, null)))
      ended()
    }
    await ends.of(await inside(() => instance.destroy(null)))
    ended()
  }
  try {
    await inLanes(WARM_UP / 4, (number) => live(`warm-up-${number}`, () => {}))
    const course = new MemoryCourse(worker.pid)
    let count = 0
    await inLanes(OPERATIONS / 4, (number) =>
      live(`measured-${number}`, () => {
        if (count++ % LOOK_EVERY === 0) course.look()
      })
    )
    course.look()
    return course
  } finally {
    await worker.stop()
    ends.close()
    fake.close()
  }
}

/** So many times, some of them at once. */
async function inLanes(times: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < times) await work(next++)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
