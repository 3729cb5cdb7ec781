import type { HttpContext } from '@adonisjs/core/http'
import { ImageNotOffered } from '#exceptions/domain_error'
import Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import SshKey from '#models/ssh_key'
import { imagesFor } from '#models/reinstallation'
import InstancePolicy from '#policies/instance_policy'
import { reinstallationPage } from '#transformers/instance_deeds'
import { sshKeyItem } from '#transformers/ssh_key'
import { reinstallValidator } from '#validators/instance'

/** An instance built anew from an image. */
export default class ReinstallationsController {
  async create({ organization, membership, home, params, bouncer, auth, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('reinstall', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    await instance.loadForOverview()
    const [images, keys] = await Promise.all([imagesFor(instance), InstanceKey.of(instance)])
    const kept = await SshKey.ofUser(auth.getUserOrFail())
    return view.render('pages/instances/reinstallation/create', {
      page: reinstallationPage(instance, images, keys, { membership, home }),
      keptKeys: kept.map(sshKeyItem),
    })
  }

  async store(ctx: HttpContext) {
    const { organization, membership, home, params, request, bouncer, auth, response } = ctx
    await bouncer.with(InstancePolicy).authorize('reinstall', membership)
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(reinstallValidator(instance.name))
    const images = await imagesFor(instance)
    const image = images.find(({ uid }) => uid === wish.image)
    if (!image) throw new ImageNotOffered()
    const by = auth.getUserOrFail()
    const operation = await instance.reinstall({
      image,
      password: wish.password_choice === 'own' ? wish.password : null,
      sshKeys: await SshKey.chosen(by, wish),
      by,
      requestKey: wish.request_key,
    })
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
