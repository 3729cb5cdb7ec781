import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import { listInstances } from '#models/instance_list'
import { orderInstance } from '#models/instance_order'
import InstancePolicy from '#policies/instance_policy'
import { apiInstance, apiInstanceRow } from '#transformers/api/v1/instance'
import { apiPage } from '#transformers/api/v1/page'
import { createInstanceValidator } from '#validators/instance'
import { instanceListRequest } from '#validators/instance_list'

export default class InstancesController {
  async index({ organization, membership, request, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const asked = instanceListRequest(request.qs())
    const page = await listInstances(organization, { ...asked, isOneList: true })
    return apiPage(page, apiInstanceRow)
  }

  async show({ organization, membership, params, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.id)
    await instance.loadForApi()
    return { data: apiInstance(instance) }
  }

  async store(ctx: HttpContext) {
    const { organization, membership, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('create', membership)
    const wish = await request.validateUsing(createInstanceValidator)
    const { instance, operation } = await orderInstance(
      organization,
      wish,
      auth.getUserOrFail(),
      ctx.requestKey ?? null
    )
    return accepted(ctx, instance, operation)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('destroy', membership)
    const instance = await Instance.of(organization, params.id)
    const operation = await instance.destroy(auth.getUserOrFail(), ctx.requestKey ?? null)
    return accepted(ctx, instance, operation)
  }
}
