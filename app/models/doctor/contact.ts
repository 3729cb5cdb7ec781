import type { ComputeDriver } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import { graded, verdict, type Verdict } from '#models/doctor/verdict'
import { certificateFacts } from '#services/client_certificate'

/** A certificate that ends within this many days is worth a word. */
const EXPIRES_SOON_DAYS = 30
/** Seconds. Certificates and tokens begin to be refused from about a minute on. */
const SKEW = { warn: 5, fail: 60 }

export type Contact = {
  verdicts: Verdict[]
  /** null: it cannot be spoken to. Whoever asked closes it. */
  driver: ComputeDriver | null
}

/** Who answers there, whether it is whom we trust, and whether it trusts us. */
export async function contact(cluster: Cluster): Promise<Contact> {
  const verdicts: Verdict[] = []
  const shown = await cluster.identify()
  if (shown.identity) verdicts.push(certificate(cluster, shown.identity))
  const askedAt = performance.now()
  let driver: ComputeDriver | null = null
  try {
    driver = await cluster.openDriver()
    const facts = await driver.probe()
    verdicts.push(verdict('reachable_ok', { ms: Math.round(performance.now() - askedAt) }))
    verdicts.push(trust(cluster))
    verdicts.push(verdict('version_ok', { product: facts.product, version: facts.version }))
    verdicts.push(facts.clockSkewMs === null ? verdict('clock_unknown') : clock(facts.clockSkewMs))
    return { verdicts, driver }
  } catch (error) {
    await driver?.close()
    if (!(error instanceof DriverError)) throw error
    return { verdicts: [...verdicts, ...refused(error)], driver: null }
  }
}

function certificate(
  { tlsFingerprint }: Cluster,
  { fingerprint, validTo }: { fingerprint: string; validTo: string }
): Verdict {
  if (tlsFingerprint === null) return verdict('certificate_fail_unpinned')
  if (fingerprint !== tlsFingerprint) {
    const beginning = (text: string) => text.slice(0, 16)
    return verdict('certificate_fail_other', {
      shown: beginning(fingerprint),
      pinned: beginning(tlsFingerprint),
    })
  }
  const days = daysUntil(validTo)
  if (days < 0) return verdict('certificate_warn_expired', { days: -days })
  return verdict(days < EXPIRES_SOON_DAYS ? 'certificate_warn_soon' : 'certificate_ok', { days })
}

function trust({ settings }: Cluster): Verdict {
  if (!settings.clientCertificate) return verdict('trust_ok_none')
  const days = daysUntil(certificateFacts(settings.clientCertificate).validTo)
  return verdict(days < EXPIRES_SOON_DAYS ? 'trust_warn' : 'trust_ok', { days })
}

/** Each node has a clock of its own, and certificates and tickets are checked by all of them. */
export async function clocks(_cluster: Cluster, { doctor }: ComputeDriver): Promise<Verdict[]> {
  const told = (await doctor?.clocks?.()) ?? []
  return told.map(({ node, skewMs }) => clock(skewMs, node))
}

function clock(skewMs: number, place = ''): Verdict {
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  const sayings = { ok: 'clock_ok', warn: 'clock_warn', fail: 'clock_fail' } as const
  return verdict(graded(seconds, SKEW, sayings), { seconds }, place)
}

/** What a refusal tells of the one thing, and leaves open of the others. */
function refused({ kind, message }: DriverError): Verdict[] {
  const detail = { detail: message.slice(0, 300) }
  const answers = verdict('reachable_ok_refused')
  switch (kind) {
    case 'tls_mismatch':
      return [answers, verdict('trust_unknown')]
    case 'unauthorized':
      return [answers, verdict('trust_fail', detail)]
    case 'unsupported':
      return [answers, verdict('version_fail', detail)]
    default:
      return [verdict('reachable_fail', detail), verdict('trust_unknown')]
  }
}

const DAY_MS = 86_400_000

function daysUntil(moment: string | Date): number {
  return Math.floor((new Date(moment).getTime() - Date.now()) / DAY_MS)
}
