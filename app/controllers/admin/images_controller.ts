import type { HttpContext } from '@adonisjs/core/http'
import Cluster from '#models/cluster'
import Image from '#models/image'
import StaffPolicy from '#policies/staff_policy'
import { imageLinks, imageRow } from '#transformers/image'
import { imageFilter, imageValidator } from '#validators/image'
import { searchOf } from '#validators/list'

export default class ImagesController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const filter = imageFilter(request.qs())
    const found = await Image.found(filter, searchOf(request.qs()).cursor)
    const clusters = await Cluster.present().orderBy('name')
    return view.render('pages/admin/images/index', {
      images: found.rows.map(imageRow),
      total: await Image.countFound(filter),
      page: imageLinks(filter).around(found),
      clusters: clusters.map(({ uid, name }) => ({ value: uid, label: name })),
      hasAny: found.rows.length > 0 || (await Image.query().first()) !== null,
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
