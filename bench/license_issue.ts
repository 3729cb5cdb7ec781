/*
| Ten thousand licences signed with RSA-3072 in batches of a thousand, database and ledger included, beside what
| `openssl speed` signs on one core in the same run, before and after. Three batches go before, to warm up.
*/
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { withPortico } from './support/app.js'
import { MemoryCourse } from './support/resident.js'

const BATCH = 1_000
const BATCHES = 10
const WARM_UP = 3
const LOOK_MS = 250
const TARGETS = { ratio: 0.8 }

const run = promisify(execFile)

await withPortico(async () => {
  const { foundLicensing, grantMany } = await import('./support/licences.js')
  const { reissueBatch } = await import('#models/reissue')
  const { default: LicenseLedger } = await import('#models/license_ledger')
  const { Tenant } = await import('#models/concerns/tenant')
  const licensing = await foundLicensing()
  await grantMany(licensing, BATCH * (BATCHES + WARM_UP))
  const batch = (after: number) =>
    Tenant.system('bench', () =>
      reissueBatch(licensing.product, { after, issuedBy: 'bench', size: BATCH })
    )
  let next: number | null = 0
  for (let number = 0; number < WARM_UP; number++) ({ next } = await batch(next!))

  const before = await opensslSignsPerSecond()
  const course = new MemoryCourse(process.pid)
  const looking = setInterval(() => course.look(), LOOK_MS)
  const from = performance.now()
  let issued = 0
  for (let number = 0; number < BATCHES; number++) {
    const done = await batch(next!)
    issued += done.documents
    next = done.next
    course.look()
    say(`${issued} after ${Math.round(performance.now() - from)} ms`)
  }
  const seconds = (performance.now() - from) / 1_000
  clearInterval(looking)
  const signs = (before + (await opensslSignsPerSecond())) / 2

  const { documents, fault } = await LicenseLedger.verify()
  if (issued !== BATCH * BATCHES || documents !== issued + BATCH * WARM_UP || fault) {
    throw new Error(`${issued} issued, ${documents} in the ledger, ${JSON.stringify(fault)}`)
  }
  const figures = {
    issuesPerSecond: tenths(issued / seconds),
    opensslSignsPerSecond: tenths(signs),
    ratio: Math.round((issued / seconds / signs) * 100) / 100,
    rssGrowthMb: course.growthMb,
  }
  if (figures.ratio < TARGETS.ratio) say(`MISSED: ratio below ${TARGETS.ratio}`)
  return figures
})

/** One process of openssl, on one core. */
async function opensslSignsPerSecond(): Promise<number> {
  const { stdout } = await run('openssl', ['speed', '-seconds', '3', 'rsa3072'])
  const [, signs] = /^rsa\s+3072 bits\s+\S+\s+\S+\s+([\d.]+)/m.exec(stdout) ?? []
  if (!signs) throw new Error(`openssl says nothing of its speed:\n${stdout}`)
  return Number(signs)
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
