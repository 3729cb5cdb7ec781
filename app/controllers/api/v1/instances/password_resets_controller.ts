import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { resetPasswordValidator } from '#validators/instance'

/** One that is made up is read afterwards, once, where root passwords are. */
export default class PasswordResetsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('resetPassword', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(resetPasswordValidator)
    const operation = await instance.resetPassword({
      password: wish.password_choice === 'own' ? wish.password : null,
      by: auth.getUserOrFail(),
      requestKey: ctx.requestKey,
    })
    return accepted(ctx, instance, operation)
  }
}
