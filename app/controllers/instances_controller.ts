import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { listInstances } from '#models/instance_list'
import { orderInstance } from '#models/instance_order'
import { Offer } from '#models/offer'
import SshKey from '#models/ssh_key'
import Transfer from '#models/transfer'
import { usageHistory } from '#models/usage_history'
import InstancePolicy from '#policies/instance_policy'
import { batchBar } from '#transformers/batch'
import { instanceListPage } from '#transformers/instance_list'
import { instancePage } from '#transformers/instance'
import { offeredItem } from '#transformers/instance_deeds'
import { offerPage } from '#transformers/offer'
import { sshKeyItem } from '#transformers/ssh_key'
import { createInstanceValidator, deleteInstanceValidator } from '#validators/instance'
import { instanceListRequest } from '#validators/instance_list'
import { newRequestKey } from '#validators/request_key'

export default class InstancesController {
  async index({ organization, membership, request, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const asked = instanceListRequest(request.qs())
    const page = await listInstances(organization, asked)
    const mayReceive = await bouncer.with(InstancePolicy).allows('receive', membership)
    const offered = mayReceive && membership.isOffered ? await Transfer.offeredTo(organization) : []
    return view.render('pages/instances/index', {
      list: instanceListPage(`/o/${organization.slug}`, page, asked),
      offered: offered.map((transfer) => offeredItem(transfer, `/o/${organization.slug}`)),
      mayCreate: await bouncer.with(InstancePolicy).allows('create', membership),
      bar: batchBar(
        `/o/${organization.slug}/batches`,
        page.rows,
        asked.search.text,
        membership,
        true
      ),
    })
  }

  async create({ organization, membership, bouncer, auth, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('create', membership)
    const offer = await Offer.of(organization)
    const name = await Instance.freeName(organization, offer.suggestedName)
    const kept = await SshKey.ofUser(auth.getUserOrFail())
    return view.render('pages/instances/create', {
      offer: offerPage(offer, organization, name),
      keptKeys: kept.map(sshKeyItem),
      requestKey: newRequestKey(),
    })
  }

  async store({ organization, membership, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('create', membership)
    const wish = await request.validateUsing(createInstanceValidator)
    const { operation } = await orderInstance(
      organization,
      wish,
      auth.getUserOrFail(),
      wish.request_key ?? null
    )
    return response.redirect().toPath(`/o/${organization.slug}/operations/${operation.uid}`)
  }

  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id ?? params.id)
    await instance.loadForOverview()
    const lastHour = instance.facets.has('metrics')
      ? await usageHistory({ instanceId: instance.id }, 'hour')
      : null
    return view.render('pages/instances/show', {
      instance: instancePage(instance, { membership, home }, lastHour),
    })
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.id)
    const { request_key: key } = await request.validateUsing(deleteInstanceValidator(instance.name))
    const operation = await instance.destroy(auth.getUserOrFail(), key)
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
