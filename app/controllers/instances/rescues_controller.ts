import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import { startLog } from '#models/rescue'
import InstancePolicy from '#policies/instance_policy'
import { rescuePage } from '#transformers/instance_deeds'
import { rescueInstanceValidator } from '#validators/instance'

/** An instance that did not start: why, and what to do. */
export default class RescuesController {
  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const log = await startLog(instance)
    return view.render('pages/instances/rescue/show', {
      page: rescuePage(instance, log, { membership, home }),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, response } = ctx
    await bouncer.with(InstancePolicy).authorize('power', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const { request_key: requestKey } = await request.validateUsing(rescueInstanceValidator)
    const operation = await instance.rescue({ by: askerOf(ctx), requestKey })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
