import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import Image from '#models/image'
import StaffPolicy from '#policies/staff_policy'
import { imageRow } from '#transformers/image'
import { imageFilter, imageValidator } from '#validators/image'

export default class ImagesController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const filter = imageFilter(request.qs())
    const images = await Image.found(filter)
    const clusters = await Cluster.present().orderBy('name')
    return view.render('pages/admin/images/index', {
      images: images.map(imageRow),
      clusters: clusters.map(({ uid, name }) => ({ value: uid, label: name })),
      hasAny: images.length > 0 || (await Image.query().first()) !== null,
      filter,
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }

  async update({ bouncer, params, request, response, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const image = await Image.presentAs(params.id)
    const { title } = await request.validateUsing(imageValidator)
    await image.rename(title)
    session.flash('notice', { kind: 'success', message: i18n.t('images.saved') })
    return response.redirect().back()
  }
}
