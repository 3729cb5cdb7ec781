/*
| An installation asks whether its licence holds: ten requests in flight, of 100,000 licences with a token and a host each.
| On MariaDB and the production build, one web process a core, the limit of requests in the database as in production.
*/
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { Installation } from './support/licences.js'
import { withPortico } from './support/app.js'
import { percentile, Portal } from './support/portal.js'

const LICENSES = 100_000
const IN_FLIGHT = 10
const WARM_UP = 2_000
const MEASURED = 10_000
const TARGETS = { p95Ms: 25 }

await withPortico(async () => {
  const { foundLicensing, grantMany } = await import('./support/licences.js')
  const installations = await grantMany(await foundLicensing(), LICENSES)
  const portal = await Portal.start('cluster', IN_FLIGHT)
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const ask = (number: number) => validate(portal.url, agent, somebody(installations, number))
  await inFlight(WARM_UP, ask)
  const from = performance.now()
  const times = await inFlight(MEASURED, (number) => ask(WARM_UP + number))
  const seconds = (performance.now() - from) / 1_000
  agent.destroy()
  await portal.stop()
  const figures = {
    p50Ms: tenths(percentile(times, 0.5)),
    p95Ms: tenths(percentile(times, 0.95)),
    requestsPerSecond: tenths(MEASURED / seconds),
    licenses: LICENSES,
  }
  if (figures.p95Ms > TARGETS.p95Ms) process.stderr.write(`MISSED: p95Ms above ${TARGETS.p95Ms}\n`)
  return figures
})

/** All over the table: a stride that meets each of them once. */
function somebody(installations: Installation[], number: number): Installation {
  return installations[(number * 7_919) % installations.length]!
}

/** So many at a time, until all are answered; milliseconds of each. */
async function inFlight(count: number, ask: (number: number) => Promise<void>): Promise<number[]> {
  const times: number[] = []
  let taken = 0
  const one = async () => {
    while (taken < count) {
      const from = performance.now()
      await ask(taken++)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, one))
  return times
}

async function validate(url: string, agent: Agent, { token, fingerprint }: Installation) {
  const body = JSON.stringify({ fingerprint, product: 'bench' })
  const sent = request(`${url}/api/v1/licensing/validations`, {
    method: 'POST',
    agent,
    headers: {
      'authorization': `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const answer = Buffer.concat(chunks).toString()
  if (response.statusCode !== 200 || JSON.parse(answer).code !== 'VALID') {
    throw new Error(`answered with ${response.statusCode} ${answer}`)
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
