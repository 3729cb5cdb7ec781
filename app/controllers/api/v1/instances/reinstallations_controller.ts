import type { HttpContext } from '@adonisjs/core/http'
import { accepted } from '#controllers/api/v1/accepted'
import { ImageNotOffered } from '#exceptions/domain_error'
import Instance from '#models/instance'
import { imagesFor } from '#models/reinstallation'
import SshKey from '#models/ssh_key'
import InstancePolicy from '#policies/instance_policy'
import { reinstallInstanceValidator } from '#validators/instance'

export default class ReinstallationsController {
  async store(ctx: HttpContext) {
    const { organization, membership, params, request, bouncer, auth } = ctx
    await bouncer.with(InstancePolicy).authorize('reinstall', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(reinstallInstanceValidator)
    const images = await imagesFor(instance)
    const image = images.find(({ uid }) => uid === wish.image)
    if (!image) throw new ImageNotOffered()
    const by = auth.getUserOrFail()
    const operation = await instance.reinstall({
      image,
      password: wish.password_choice === 'own' ? wish.password : null,
      sshKeys: await SshKey.chosen(by, wish),
      by,
      requestKey: ctx.requestKey,
    })
    return accepted(ctx, instance, operation)
  }
}
