import type { HttpContext } from '@adonisjs/core/http'
import { SecretGone } from '#exceptions/domain_error'
import Instance from '#models/instance'
import InstancePolicy from '#policies/instance_policy'

export default class RootPasswordsController {
  /** Told once: a repetition learns that it was, so no answer is kept for one. */
  async store(ctx: HttpContext) {
    const { organization, membership, params, bouncer } = ctx
    await bouncer.with(InstancePolicy).authorize('revealSecret', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const password = await instance.revealRootPassword()
    if (password === null) throw new SecretGone()
    ctx.isToldOnce = true
    return { data: { instance: instance.uid, user: 'root', password } }
  }
}
