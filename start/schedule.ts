import { sweepEveryMs } from '#config/operations'
import { sendEveryMs } from '#config/webhooks'
import ApiToken from '#models/api_token'
import Batch from '#models/batch'
import Cluster from '#models/cluster'
import ConsoleSession from '#models/console_session'
import { runBackupRound, runSnapshotRound } from '#models/copy_round'
import { DriftRound } from '#models/drift_round'
import { Examination } from '#models/examination'
import { runExpiryRound } from '#models/expiry_round'
import { reconcileForwards } from '#models/forward_reconciler'
import { Tenant } from '#models/concerns/tenant'
import IdempotencyKey from '#models/idempotency_key'
import OneTimeSecret from '#models/one_time_secret'
import LicenseDocument from '#models/license_document'
import LicenseNotice from '#models/license_notice'
import Notice from '#models/notice'
import Operation from '#models/operation'
import RevocationList from '#models/revocation_list'
import Transfer from '#models/transfer'
import UserSession from '#models/user_session'
import UserToken from '#models/user_token'
import { WebhookRound } from '#models/webhook_round'
import { UsageRound } from '#models/usage_round'
import Visit from '#models/visit'
import { forgetOldSamples } from '#models/usage_samples'

export type Recurring = {
  name: string
  everyMs: number
  run(): Promise<unknown>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** All recurring work: what, how often, one model call each. It runs in whichever worker gets it. */
export const schedule: readonly Recurring[] = [
  { name: 'operations.sweep', everyMs: sweepEveryMs, run: () => Operation.sweep() },
  { name: 'batches.sweep', everyMs: sweepEveryMs, run: () => Batch.sweep() },
  { name: 'notices.dispatch', everyMs: sendEveryMs, run: () => Notice.dispatchAll() },
  { name: 'notices.forget_old', everyMs: HOUR, run: () => Notice.forgetOld() },
  { name: 'keys.expiry_notices', everyMs: HOUR, run: () => runExpiryRound() },
  { name: 'webhooks.send', everyMs: sendEveryMs, run: () => WebhookRound.run() },
  { name: 'clusters.sync', everyMs: MINUTE, run: () => Cluster.syncAll() },
  { name: 'usage.count', everyMs: MINUTE, run: () => UsageRound.runAll() },
  { name: 'usage.forget_old', everyMs: HOUR, run: () => forgetOldSamples() },
  { name: 'licenses.revocation_list', everyMs: HOUR, run: () => RevocationList.refresh() },
  { name: 'licenses.inspect', everyMs: 6 * HOUR, run: () => LicenseDocument.inspect() },
  { name: 'licenses.expiry_notices', everyMs: HOUR, run: () => LicenseNotice.sendDue() },
  { name: 'forwards.reconcile', everyMs: MINUTE, run: () => reconcileForwards() },
  { name: 'transfers.expire', everyMs: MINUTE, run: () => Transfer.expireAll() },
  { name: 'snapshots.round', everyMs: MINUTE, run: () => runSnapshotRound() },
  { name: 'drift.compare', everyMs: 5 * MINUTE, run: () => DriftRound.runAll() },
  { name: 'doctor.examine', everyMs: MINUTE, run: () => Examination.runDue() },
  { name: 'backups.round', everyMs: MINUTE, run: () => runBackupRound() },
  { name: 'secrets.forget_expired', everyMs: HOUR, run: () => OneTimeSecret.forgetExpired() },
  { name: 'sessions.forget_expired', everyMs: HOUR, run: () => UserSession.forgetExpired() },
  { name: 'links.forget_expired', everyMs: HOUR, run: () => UserToken.forgetExpired() },
  { name: 'visits.forget_old', everyMs: HOUR, run: () => Visit.forgetOld() },
  { name: 'consoles.sweep', everyMs: MINUTE, run: () => ConsoleSession.sweep() },
  { name: 'idempotency.forget_old', everyMs: HOUR, run: () => IdempotencyKey.forgetOld() },
  { name: 'api_tokens.forget_expired', everyMs: HOUR, run: () => ApiToken.forgetExpired() },
]

export function runRecurring(name: string): Promise<unknown> {
  const entry = schedule.find((recurring) => recurring.name === name)
  if (!entry) throw new Error(`nothing recurring is called ${name}`)
  return Tenant.system(`recurring work ${name}`, () => entry.run())
}
