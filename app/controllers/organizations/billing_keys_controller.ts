import { DateTime } from 'luxon'
import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { showOnce, shownOnce } from '#controllers/account/show_once'
import BillingKey from '#models/billing_key'
import { Offer } from '#models/offer'
import type Organization from '#models/organization'
import BillingKeyPolicy from '#policies/billing_key_policy'
import { billingKeyRow } from '#transformers/billing_key'
import { createBillingKeyValidator, KEY_DAYS, OVERLAP_HOURS } from '#validators/billing_key'

/** What a billing system signs in with; the key itself is on a page once. */
export default class BillingKeysController {
  async index(ctx: HttpContext) {
    const { organization, membership, bouncer, view } = ctx
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const keys = await BillingKey.listOf(organization)
    return view.render('pages/organizations/billing_keys/index', {
      organizationPath: `/o/${organization.slug}`,
      fresh: shownOnce<{ name: string; value: string }>(ctx, 'billing_key'),
      keys: keys.map(billingKeyRow),
      overlaps: OVERLAP_HOURS,
      apiAddress: appUrl,
      viewActivity: true,
    })
  }

  async create({ organization, membership, bouncer, view }: HttpContext) {
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const { plans, clusters } = await Offer.of(organization)
    return view.render('pages/organizations/billing_keys/create', {
      organizationPath: `/o/${organization.slug}`,
      validities: KEY_DAYS,
      plans: plans.map(({ plan: { uid, name } }) => ({ uid, name })),
      clusters: clusters.map(({ cluster: { uid, name } }) => ({ uid, name })),
    })
  }

  async store(ctx: HttpContext) {
    const { auth, organization, membership, bouncer, request, response } = ctx
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const wish = await request.validateUsing(createBillingKeyValidator)
    const value = await BillingKey.issue(
      organization,
      {
        name: wish.name,
        allowedAddresses: wish.allowed_addresses ?? [],
        allowsFreeSizes: wish.allows_free_sizes ?? false,
        ...(await picked(organization, wish)),
        expiresAt: wish.days > 0 ? DateTime.utc().plus({ days: wish.days }) : null,
      },
      auth.getUserOrFail()
    )
    showOnce(ctx, 'billing_key', { name: wish.name, value })
    return response.redirect().toPath(`/o/${organization.slug}/billing-keys`)
  }

  async destroy({
    organization,
    membership,
    bouncer,
    params,
    response,
    session,
    i18n,
  }: HttpContext) {
    await bouncer.with(BillingKeyPolicy).authorize('manage', membership)
    const key = await BillingKey.of(organization, params.id)
    await key.revoke()
    session.flash('notice', { kind: 'success', message: i18n.t('billing_keys.revoked_notice') })
    return response.redirect().toPath(`/o/${organization.slug}/billing-keys`)
  }
}

/** Only what the organization is offered anyway. */
async function picked(organization: Organization, wish: { plans?: string[]; clusters?: string[] }) {
  const { plans, clusters } = await Offer.of(organization)
  return {
    plans: plans.map(({ plan }) => plan).filter(({ uid }) => wish.plans?.includes(uid)),
    clusters: clusters
      .map(({ cluster }) => cluster)
      .filter(({ uid }) => wish.clusters?.includes(uid)),
  }
}
