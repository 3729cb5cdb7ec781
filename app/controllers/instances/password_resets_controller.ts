import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { resetPasswordValidator } from '#validators/instance'

/** A new root password, chosen or made up. It goes from the form into a sealed row, and from there into the guest. */
export default class PasswordResetsController {
  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(InstancePolicy).authorize('resetPassword', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(resetPasswordValidator)
    const operation = await instance.resetPassword({
      password: wish.password_choice === 'own' ? wish.password : null,
      by: askerOf(ctx),
      requestKey: wish.request_key,
    })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
