import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import StaffPolicy from '#policies/staff_policy'
import type { Suspended } from '#models/suspension'
import { liftSuspensionValidator, suspendValidator } from '#validators/suspension'

/** Why an instance may not run: imposed and lifted by staff, never by its owner. */
export default class SuspensionsController {
  async store(ctx: HttpContext) {
    const { organization, params, request, bouncer, auth, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('act')
    const instance = await Instance.of(organization, params.instance_id)
    const { reason, note, request_key: requestKey } = await request.validateUsing(suspendValidator)
    const by = auth.getUserOrFail()
    const suspended = await instance.suspend(reason, { by, note, requestKey })
    return answer(ctx, suspended, i18n.t('instances.suspension.imposed'))
  }

  async destroy(ctx: HttpContext) {
    const { organization, params, request, bouncer, auth, i18n } = ctx
    await bouncer.with(StaffPolicy).authorize('act')
    const instance = await Instance.of(organization, params.instance_id)
    const { params: asked } = await request.validateUsing(liftSuspensionValidator)
    const suspended = await instance.unsuspend(asked.reason, { by: auth.getUserOrFail() })
    return answer(ctx, suspended, i18n.t('instances.suspension.lifted'))
  }
}

/** To the operation, when there is one; else back, with a word. */
function answer({ response, session, home }: HttpContext, { operation }: Suspended, word: string) {
  if (operation) return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  session.flash('notice', { kind: 'success', message: word })
  return response.redirect().back()
}
