import db from '@adonisjs/lucid/services/db'
import { AuditChainSchema } from '#database/schema'
import { auditHash, FIRST_HASH, type AuditRow } from '#models/audit_event'

const PAGE = 1_000

export type ChainFault = {
  chain: string
  position: number
  fault: 'missing' | 'changed' | 'not_linked' | 'head_differs' | 'no_head'
}

export type ChainReport = { chain: string; events: number; head: string }

type StoredEvent = AuditRow & { position: number; hash: string }

/** The head of one tenant's (or the platform's) chain of audit events. */
export default class AuditChain extends AuditChainSchema {
  /**
   * Walks every chain from its beginning, a page at a time, and stops at the first row that does not fit.
   * Events that are added meanwhile are left to the next walk.
   */
  static async verify(): Promise<{ chains: ChainReport[]; fault: ChainFault | null }> {
    const heads: { chain: string; length: number; hash: string }[] = await db
      .from('audit_chains')
      .orderBy('chain')
      .select('chain', 'length', 'hash')
    const chains: ChainReport[] = []
    for (const head of heads) {
      const fault = await walk(head)
      if (fault) return { chains, fault }
      chains.push({ chain: head.chain, events: Number(head.length), head: head.hash })
    }
    return { chains, fault: await findHeadless() }
  }
}

async function walk(head: {
  chain: string
  length: number
  hash: string
}): Promise<ChainFault | null> {
  const { chain } = head
  const length = Number(head.length)
  let position = 0
  let previous = FIRST_HASH
  while (position < length) {
    const events: StoredEvent[] = await db
      .from('audit_events')
      .where('chain', chain)
      .where('position', '>', position)
      .where('position', '<=', length)
      .orderBy('position')
      .limit(PAGE)
    if (events.length === 0) return { chain, position: position + 1, fault: 'missing' }
    for (const event of events) {
      position += 1
      if (event.position !== position) return { chain, position, fault: 'missing' }
      if (event.previous_hash !== previous) return { chain, position, fault: 'not_linked' }
      if (auditHash(event) !== event.hash) return { chain, position, fault: 'changed' }
      previous = event.hash
    }
  }
  return previous === head.hash ? null : { chain, position, fault: 'head_differs' }
}

/** Events whose chain has lost its head. */
async function findHeadless(): Promise<ChainFault | null> {
  const stray = await db
    .from('audit_events as event')
    .leftJoin('audit_chains as head', 'head.chain', 'event.chain')
    .whereNull('head.chain')
    .orderBy('event.id')
    .select('event.chain', 'event.position')
    .first()
  return stray ? { chain: stray.chain, position: Number(stray.position), fault: 'no_head' } : null
}
