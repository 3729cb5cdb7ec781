import type { HttpContext } from '@adonisjs/core/http'
import { answerAtEnd } from '#controllers/api/billing/answer'
import { BilledInstance } from '#models/billed_instance'
import Snapshot from '#models/snapshot'
import { envelope } from '#transformers/api/billing/envelope'
import { billedSnapshot } from '#transformers/api/billing/snapshot'
import { billedReference, billedSnapshotName } from '#validators/api_billing'

/** Snapshots of a container, known by their names. */
export default class SnapshotsController {
  async index({ billingKey, request, i18n }: HttpContext) {
    const instance = await BilledInstance.of(billingKey!, await billedReference(request))
    const snapshots = await Snapshot.ofInstance(instance)
    return envelope(i18n.t('billing.read'), snapshots.map(billedSnapshot))
  }

  async store(ctx: HttpContext) {
    const { reference, name } = await billedSnapshotName(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const { operation } = await instance.snapshot({ name, by: null })
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.snapshot_taken'))
  }

  async restore(ctx: HttpContext) {
    const { reference, name } = await billedSnapshotName(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const snapshot = await Snapshot.named(instance, name)
    const operation = await snapshot.restore({ by: null })
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.snapshot_restored'))
  }

  async destroy(ctx: HttpContext) {
    const { reference, name } = await billedSnapshotName(ctx.request)
    const instance = await BilledInstance.of(ctx.billingKey!, reference)
    const snapshot = await Snapshot.named(instance, name)
    const operation = await snapshot.remove({ by: null })
    return answerAtEnd(ctx, operation, ctx.i18n.t('billing.snapshot_deleted'))
  }
}
