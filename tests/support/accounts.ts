import limiter from '@adonisjs/limiter/services/main'
import mail from '@adonisjs/mail/services/main'
import testUtils from '@adonisjs/core/services/test_utils'
import type { FakeMailer } from '@adonisjs/mail'
import type { Group } from '@japa/runner/core'
import db from '@adonisjs/lucid/services/db'
import { appUrl } from '#config/app'
import type { PorticoMail } from '#mails/portico_mail'

let outbox: FakeMailer

/** Each test: a database that is rolled back, no attempts counted yet, and mails that are kept for it to read. */
export function freshAccounts(group: Group): void {
  group.each.setup(() => testUtils.db().wrapInGlobalTransaction())
  group.each.setup(() => limiter.clear())
  group.each.setup(() => {
    outbox = mail.fake()
    return () => mail.restore()
  })
}

export type ReadMail = { kind: string; to: string; subject: string; text: string; html: string }

/** What was handed over for sending so far, oldest first. */
export function mailsSent(): ReadMail[] {
  return (outbox.mails.queued() as PorticoMail[]).map((sent) => {
    const { to, subject, text, html } = sent.message.toObject().message
    return {
      kind: sent.constructor.name,
      to: String(to?.[0]),
      subject: String(subject),
      text: String(text),
      html: String(html),
    }
  })
}

/** The path of the one-time link in the newest mail of this kind. */
export function linkIn(kind: string): string {
  const newest = mailsSent().findLast((sent) => sent.kind === kind)
  const path = newest?.text.match(new RegExp(`${appUrl}(/\\S+/\\S+)`))?.[1]
  if (!path) throw new Error(`no mail of kind ${kind} with a link was sent`)
  return path
}

/** What the audit says happened, oldest first: `action outcome`. */
export async function auditedActions(): Promise<string[]> {
  const rows = await db.from('audit_events').whereNull('organization_id').orderBy('position')
  return rows.map(({ action, outcome }) => `${action} ${outcome}`)
}
