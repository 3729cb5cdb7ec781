/*
| An installation asks whether its licence holds: ten requests in flight, of 100,000 licences with a token and a host each.
| On MariaDB and the production build, one web process a core, the limit of requests in the database as in production.
*/
import type { Installation } from './support/licences.js'
import { withPortico } from './support/app.js'
import { load, type Call } from './support/load.js'
import { Portal } from './support/portal.js'

const LICENSES = 100_000
const IN_FLIGHT = 10
const ASKING = 20_000
const WARM_UP_SECONDS = 4
const LOAD_SECONDS = 15
const TARGETS = { p95Ms: 25 }

await withPortico(async () => {
  const { foundLicensing, grantMany } = await import('./support/licences.js')
  const installations = await grantMany(await foundLicensing(), LICENSES)
  const portal = await Portal.start('cluster', IN_FLIGHT)
  const calls = Array.from({ length: ASKING }, (_, number) =>
    validation(somebody(installations, number))
  )
  const wanted = { inFlight: IN_FLIGHT, expected: '"code":"VALID"' }
  await load(portal.url, calls, { ...wanted, seconds: WARM_UP_SECONDS })
  const { p50Ms, p95Ms, perSecond } = await load(portal.url, calls, {
    ...wanted,
    seconds: LOAD_SECONDS,
  })
  await portal.stop()
  const figures = { p50Ms, p95Ms, requestsPerSecond: perSecond, licenses: LICENSES }
  if (figures.p95Ms > TARGETS.p95Ms) process.stderr.write(`MISSED: p95Ms above ${TARGETS.p95Ms}\n`)
  return figures
})

/** All over the table: a stride that meets each of them once. */
function somebody(installations: Installation[], number: number): Installation {
  return installations[(number * 7_919) % installations.length]!
}

function validation({ token, fingerprint }: Installation): Call {
  return {
    method: 'POST',
    path: '/api/v1/licensing/validations',
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ fingerprint, product: 'bench' }),
  }
}
