import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DateTime } from 'luxon'
import { beforeCreate, belongsTo } from '@adonisjs/lucid/orm'
import db from '@adonisjs/lucid/services/db'
import { compose } from '@adonisjs/core/helpers'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { CONSOLE_LOOK_MS, CONSOLE_LOST_MS, consoleLimits } from '#config/console'
import { ConsoleSessionSchema } from '#database/schema'
import {
  ClusterCannot,
  ConsoleTicketRefused,
  InstanceNotRunning,
  NotPossibleNow,
  TooManyConsoles,
} from '#exceptions/domain_error'
import ApiToken from '#models/api_token'
import AuditEvent, { type AuditActor } from '#models/audit_event'
import Cluster from '#models/cluster'
import Instance from '#models/instance'
import { isAtLeast, standInRole } from '#models/membership'
import type User from '#models/user'
import type { Standing } from '#models/standing'
import UserSession from '#models/user_session'
import Visit from '#models/visit'
import { BelongsToOrganization } from '#models/concerns/belongs_to_organization'
import { affected, sqlTime } from '#models/concerns/sql'
import { transaction } from '#models/concerns/transaction'
import { newUid } from '#models/concerns/uid'
import type { ConsoleEnding, ConsoleView, OperationType, Role } from '#models/types'

/** The least role that may use a console: who has one is root. */
export const CONSOLE_ROLE: Role = 'operator'

const KEPT_DAYS = 90

/** What takes a running guest down, now or in a moment. */
const STOPPING: readonly OperationType[] = [
  'instance.power',
  'instance.suspend',
  'instance.reinstall',
  'instance.repair',
]
/** So long is waited for whoever holds a console to let it go. */
const LETTING_GO_MS = 3 * CONSOLE_LOOK_MS
const LOOK_AGAIN_MS = 200

/** Who holds a console: somebody who is signed in, their program by its token, or a billing system's customer. */
export type ConsoleHolder = User | Visit

export type ConsoleOrder = { kind: ConsoleView; holder: ConsoleHolder; asStaff: boolean }

/** Of one console, what decides whether it may go on. */
export type ConsoleRight = Pick<
  ConsoleSession,
  'id' | 'userSessionId' | 'apiTokenId' | 'visitId' | 'organizationId' | 'instanceId' | 'asStaff'
>

/**
 * One console in a browser or a program: asked for by a ticket that is good once, for half a minute, for one
 * sign-in, token or visit, and for one instance; then open, until one side ends it or the right to it does.
 */
export default class ConsoleSession extends compose(ConsoleSessionSchema, BelongsToOrganization) {
  @belongsTo(() => Instance)
  declare instance: BelongsTo<typeof Instance>

  /** Known once it was opened. */
  declare holder: ConsoleHolder

  @beforeCreate()
  static assignUid(session: ConsoleSession) {
    session.uid ??= newUid('t')
  }

  /**
   * @returns the ticket; only its digest is kept.
   * @throws TooManyConsoles, InstanceNotRunning, InstanceSuspended, ClusterCannot, NotPossibleNow
   */
  static async issue(instance: Instance, { kind, holder, asStaff }: ConsoleOrder): Promise<string> {
    if (!instance.isProvisioned) throw new NotPossibleNow()
    if (instance.powerState !== 'running') throw new InstanceNotRunning()
    const cluster = await Cluster.findOrFail(instance.clusterId)
    const kinds = await cluster.consoleKinds()
    if (!kinds.includes(kind)) throw new ClusterCannot()
    const ticket = randomBytes(32).toString('base64url')
    const session = new ConsoleSession().merge({
      organizationId: instance.organizationId,
      instanceId: instance.id,
      ...held(holder),
      asStaff,
      kind,
      ticketHash: digest(ticket),
      ticketExpiresAt: DateTime.utc().plus(consoleLimits.ticketMs),
    })
    await transaction(async (trx) => {
      await instance.refuseSuspended(trx)
      await session.refuseTooMany(trx)
      await session.useTransaction(trx).save()
    })
    return ticket
  }

  /**
   * Takes the ticket, which is used up by that whatever comes of it, and opens what it was made for.
   * @throws ConsoleTicketRefused, TooManyConsoles
   */
  static async redeem(
    ticket: string,
    instance: Instance,
    holder: ConsoleHolder
  ): Promise<ConsoleSession> {
    const session = await ConsoleSession.findBy('ticketHash', digest(ticket))
    const taken = session && (await session.takeTicket())
    if (
      !taken ||
      session.ticketExpiresAt <= DateTime.utc() ||
      session.instanceId !== instance.id ||
      !session.isOf(holder)
    ) {
      throw new ConsoleTicketRefused()
    }
    session.$setRelated('instance', instance)
    session.holder = holder
    await transaction((trx) => session.open(trx))
    return session
  }

  /** Of these consoles those that may not go on, and why. Six statements, however many there are. */
  static async endings(consoles: ConsoleRight[]): Promise<Map<number, ConsoleEnding>> {
    const instanceIds = [...new Set(consoles.map(({ instanceId }) => instanceId))]
    const standings = await UserSession.standings([
      ...new Set(consoles.flatMap(({ userSessionId }) => userSessionId ?? [])),
    ])
    const programs = await ApiToken.standings([
      ...new Set(consoles.flatMap(({ apiTokenId }) => apiTokenId ?? [])),
    ])
    const visits = await Visit.living([
      ...new Set(consoles.flatMap(({ visitId }) => visitId ?? [])),
    ])
    const instances: { id: number; organization_id: number }[] = await db
      .from('instances')
      .whereIn('id', instanceIds)
      .whereNull('deleted_at')
      .select('id', 'organization_id')
    const owners = new Map(instances.map((row) => [row.id, row.organization_id]))
    const suspended = await ids(
      db.from('suspensions').whereIn('instance_id', instanceIds).whereNotNull('open_on')
    )
    const operations: { type: OperationType; instance_id: number }[] = await db
      .from('operations')
      .whereIn('instance_id', instanceIds)
      .whereNotNull('open_on')
      .whereIn('type', ['instance.delete', ...STOPPING])
      .select('type', 'instance_id')
    const under = (types: readonly OperationType[]) =>
      new Set(operations.filter(({ type }) => types.includes(type)).map((row) => row.instance_id))
    const leaving = under(['instance.delete'])
    const stopping = under(STOPPING)
    const endings = new Map<number, ConsoleEnding>()
    for (const right of consoles) {
      const { instanceId } = right
      const isTheirs = owners.get(instanceId) === right.organizationId
      const ending =
        (right.userSessionId && refusalOf(right, standings.get(right.userSessionId))) ??
        (right.apiTokenId && refusalOf(right, programs.get(right.apiTokenId))) ??
        (isTheirs && !leaving.has(instanceId) ? null : 'gone') ??
        (suspended.has(instanceId) ? 'suspended' : null) ??
        (stopping.has(instanceId) ? 'stopping' : null) ??
        // Last: a visit ends with its instance, and then that is what is told.
        (right.visitId === null || visits.has(right.visitId) ? null : 'signed_out')
      if (ending) endings.set(right.id, ending)
    }
    return endings
  }

  /**
   * Waits until nobody has a console of this instance open any more, for whom `endings` has a word to say. LXD 5.0
   * falls over when a serial console still shows something while its guest goes down.
   */
  static async letGo({ id }: Pick<Instance, 'id'>, signal: AbortSignal): Promise<void> {
    const open = () =>
      db
        .from('console_sessions')
        .where('instance_id', id)
        .whereNotNull('opened_at')
        .whereNull('closed_at')
        .where('seen_at', '>', sqlTime(DateTime.utc().minus(CONSOLE_LOST_MS)))
        .first()
    const until = Date.now() + LETTING_GO_MS
    let wasOpen = false
    while (Date.now() < until && (await open())) {
      wasOpen = true
      await sleep(LOOK_AGAIN_MS, undefined, { signal })
    }
    // The cluster hears of it a moment later than the row.
    if (wasOpen) await sleep(LOOK_AGAIN_MS * 2, undefined, { signal })
  }

  /** Says that the process which holds them lives. */
  static async markSeen(consoleIds: number[]): Promise<void> {
    await db
      .from('console_sessions')
      .whereIn('id', consoleIds)
      .update({ seen_at: sqlTime(DateTime.utc()) })
  }

  /** Closes what a process left open that died, and forgets what nobody asks for any more. */
  static async sweep(): Promise<void> {
    const now = DateTime.utc()
    const lost = await ConsoleSession.query()
      .whereNull('closed_at')
      .where('seen_at', '<', sqlTime(now.minus(CONSOLE_LOST_MS)))
      .preload('instance')
    for (const session of lost) await session.close('lost', 'system')
    await db
      .from('console_sessions')
      .where((old) =>
        old
          .where((unused) =>
            unused
              .whereNull('opened_at')
              .where('ticket_expires_at', '<', sqlTime(now.minus({ hours: 1 })))
          )
          .orWhere('closed_at', '<', sqlTime(now.minus({ days: KEPT_DAYS })))
      )
      .delete()
  }

  /** Once, whoever comes first. Needs `instance`; `actor` left out: whose console it is. */
  async close(ending: ConsoleEnding, actor: AuditActor = this.actor): Promise<void> {
    const closedAt = DateTime.utc()
    await transaction(async (trx) => {
      const closed = await trx
        .from('console_sessions')
        .where('id', this.id)
        .whereNull('closed_at')
        .update({ closed_at: sqlTime(closedAt), ending })
      if (affected(closed) === 0) return
      const seconds = Math.round(closedAt.diff(this.openedAt!).as('seconds'))
      await this.record('console.closed', { kind: this.kind, seconds, ending }, actor, trx)
    })
  }

  private get actor(): AuditActor {
    return this.holder instanceof Visit ? this.holder.auditActor : this.holder
  }

  private get whose() {
    return this.visitId === null || this.visitId === undefined
      ? { table: 'users', column: 'user_id', id: this.userId! }
      : { table: 'visits', column: 'visit_id', id: this.visitId }
  }

  /** Also the same sign-in or token, not only the same person. */
  private isOf(holder: ConsoleHolder): boolean {
    const { userSessionId, apiTokenId, visitId } = held(holder)
    return (
      this.userSessionId === userSessionId &&
      this.apiTokenId === apiTokenId &&
      this.visitId === visitId
    )
  }

  private async takeTicket(): Promise<boolean> {
    const taken = await db
      .from('console_sessions')
      .where('id', this.id)
      .where('ticket_hash', this.ticketHash!)
      .update({ ticket_hash: null })
    return affected(taken) === 1
  }

  private async open(trx: TransactionClientContract): Promise<void> {
    await this.refuseTooMany(trx)
    const now = DateTime.utc()
    Object.assign(this, { ticketHash: null, openedAt: now, seenAt: now })
    await this.useTransaction(trx).save()
    await this.record('console.opened', { kind: this.kind }, this.actor, trx)
  }

  /** While it is counted nobody else opens one, in whichever process. @throws TooManyConsoles */
  private async refuseTooMany(trx: TransactionClientContract): Promise<void> {
    const { table, column: own, id: ownId } = this.whose
    await trx.from(table).where('id', ownId).forUpdate().select('id')
    await trx.from('instances').where('id', this.instanceId).forUpdate().select('id')
    const limits = [
      { column: own, id: ownId, maximum: consoleLimits.perUser },
      { column: 'instance_id', id: this.instanceId, maximum: consoleLimits.perInstance },
    ]
    for (const { column, id, maximum } of limits) {
      const row = await trx
        .from('console_sessions')
        .where(column, id)
        .whereNull('closed_at')
        .where('seen_at', '>', sqlTime(DateTime.utc().minus(CONSOLE_LOST_MS)))
        .count('* as total')
        .firstOrFail()
      if (Number(row.total) >= maximum) throw new TooManyConsoles({ maximum })
    }
  }

  private record(
    action: 'console.opened' | 'console.closed',
    after: Record<string, string | number>,
    actor: AuditActor,
    trx: TransactionClientContract
  ): Promise<void> {
    const { organizationId, instance } = this
    return AuditEvent.record(
      { action, organizationId, subject: instance.auditSubject, after, actor },
      trx
    )
  }
}

function held(holder: ConsoleHolder) {
  const nobody = { userId: null, userSessionId: null, apiTokenId: null, visitId: null }
  if (holder instanceof Visit) return { ...nobody, visitId: holder.id }
  return holder.currentSession
    ? { ...nobody, userId: holder.id, userSessionId: holder.currentSession.id }
    : { ...nobody, userId: holder.id, apiTokenId: Number(holder.currentAccessToken!.identifier) }
}

function digest(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex')
}

function refusalOf(
  { asStaff, organizationId }: ConsoleRight,
  standing: Standing | undefined
): ConsoleEnding | null {
  if (!standing) return 'signed_out'
  const role = asStaff
    ? standing.staffRole && standInRole(standing.staffRole)
    : standing.roles.get(organizationId)
  return role && isAtLeast(role, CONSOLE_ROLE) ? null : 'no_access'
}

async function ids(query: ReturnType<typeof db.from>): Promise<Set<number>> {
  const rows: { instance_id: number }[] = await query.select('instance_id')
  return new Set(rows.map((row) => row.instance_id))
}
