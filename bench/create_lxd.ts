/* A create on a real LXD against the bare API calls that do the same; and twenty at once.
   From the accepted order to the running instance. */
import { median, PRODUCTION, withPortico } from './support/app.js'

const PAIRS = 15
const BURST = 20
const PASSWORD = 'bench-Passw0rd'
const NODE = Number(process.env.PORTICO_BENCH_LXD_NODE ?? 1)

await withPortico(async () => {
  const { setUpLxd } = await import('./support/lxd.js')
  const { PRODUCTION_BUILD, startWorker } = await import('#tests/support/processes')
  const scene = await setUpLxd(NODE, PASSWORD)
  const worker = await startWorker(
    { ...PRODUCTION, WORKER_CONCURRENCY: String(BURST) },
    PRODUCTION_BUILD
  )
  try {
    // Once each, unmeasured: connections, compiled code, the image in the storage pool.
    await scene.portal('warm-up')
    await scene.bare()

    const portal: number[] = []
    const bare: number[] = []
    for (let pair = 0; pair < PAIRS; pair++) {
      // In turns, and in turns first: whatever else the machine does, it does to both.
      const order = [
        async () => portal.push(await scene.portal(`pair-${pair}`)),
        async () => bare.push(await scene.bare()),
      ]
      if (pair % 2) order.reverse()
      for (const run of order) await run()
    }
    const burst = await scene.burst(BURST)
    const leftovers = await scene.leftovers()
    const portalMs = Math.round(median(portal))
    const bareMs = Math.round(median(bare))
    return {
      portalMs,
      bareMs,
      ratio: Math.round((median(portal) / median(bare)) * 100) / 100,
      burst: BURST,
      ...burst,
      leftovers,
    }
  } finally {
    await worker.stop()
    await scene.close()
  }
})
