import type { HttpContext } from '@adonisjs/core/http'
import { acceptedOrDone } from '#controllers/api/v1/accepted'
import { NotFound } from '#exceptions/domain_error'
import Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import SshKey from '#models/ssh_key'
import InstancePolicy from '#policies/instance_policy'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiKey } from '#transformers/api/v1/ssh_key'
import { addKeysValidator } from '#validators/instance'
import { pageOf } from '#validators/instance_list'

export default class SshKeysController {
  async index({ organization, membership, params, request, bouncer }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const keys = await InstanceKey.of(instance)
    return apiPageAmong(keys.map(apiKey), pageOf(request.qs()))
  }

  /** One or several. */
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('changeKeys', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(addKeysValidator)
    const by = auth.getUserOrFail()
    const add = await SshKey.chosen(by, wish)
    const operation = await instance.changeKeys({ add, by, requestKey: ctx.requestKey })
    return acceptedOrDone(ctx, instance, operation)
  }

  async destroy(ctx: HttpContext) {
    const { organization, membership, params, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('changeKeys', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const keys = await InstanceKey.of(instance)
    if (!keys.some(({ uid }) => uid === params.id)) throw new NotFound()
    const order = { remove: [params.id], by: auth.getUserOrFail(), requestKey: ctx.requestKey }
    return acceptedOrDone(ctx, instance, await instance.changeKeys(order))
  }
}
