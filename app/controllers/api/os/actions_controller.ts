import type { HttpContext } from '@adonisjs/core/http'
import { InvalidAction } from '#exceptions/domain_error'
import { Tenant } from '#models/concerns/tenant'
import { ServerList } from '#models/server_list'
import InstancePolicy from '#policies/instance_policy'
import { serverActionValidator } from '#validators/api_auth'

/** Starts, stops or deletes; the state is what the list then tells. */
export default class ActionsController {
  async store(ctx: HttpContext) {
    const { auth, params, request, bouncer } = ctx
    const [error, wish] = await request.tryValidateUsing(serverActionValidator)
    if (error) throw new InvalidAction()
    const user = auth.getUserOrFail()
    const { instance, membership } = await ServerList.find(user, params.id)
    const { action } = wish
    await bouncer
      .with(InstancePolicy)
      .authorize(action === 'delete' ? 'destroy' : 'power', membership)
    const operation = await Tenant.run(instance.organizationId, () =>
      action === 'delete' ? instance.destroy(user) : instance.power(action, user)
    )
    return { msg: 'Action performed', operation: operation.uid }
  }
}
