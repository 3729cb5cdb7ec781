import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { renameInstanceValidator } from '#validators/instance'

/** What an instance is called. */
export default class NamesController {
  async update(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('rename', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { name, request_key: requestKey } = await request.validateUsing(renameInstanceValidator)
    const operation = await instance.rename({ name, by: auth.getUserOrFail(), requestKey })
    if (operation) return response.redirect().toPath(`${home}/operations/${operation.uid}`)
    const message = ctx.i18n.t('instances.rename.done', { name })
    ctx.session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${home}/instances/${instance.uid}/settings`)
  }
}
