import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'
import { layoutFor } from '#transformers/instance_frame'
import { VISIT_HOME } from '#transformers/visit'

/** Shown once, in the answer to a POST: a password must not stand in a session, an address or a cache. */
export default class RootPasswordsController {
  async store({ organization, membership, home, params, bouncer, response, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('revealSecret', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const password = await instance.revealRootPassword()
    response.header('cache-control', 'no-store')
    return view.render('pages/instances/root_password', {
      name: instance.name,
      path: `${home}/instances/${instance.uid}`,
      layout: layoutFor(home),
      listPath: home === VISIT_HOME ? null : `${home}/instances`,
      password,
    })
  }
}
