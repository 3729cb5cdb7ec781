import type { HttpContext } from '@adonisjs/core/http'
import { VisitLinkRefused } from '#exceptions/domain_error'
import Visit from '#models/visit'
import { VISIT } from '#middleware/visit_middleware'
import { visitPath } from '#transformers/visit'

/** A customer of a billing system comes by a link from there, and goes again. */
export default class VisitsController {
  /** Programs follow links; only the form behind this one counts, which a browser sends by itself. */
  async show({ params, session, response, view }: HttpContext) {
    response.header('cache-control', 'no-store')
    response.header('referrer-policy', 'no-referrer')
    const visit = await Visit.behind(params.token, session.get(VISIT) ?? null)
    if (visit.isOpen) return response.redirect().toPath(visitPath(visit))
    return view.render('pages/visits/show', {
      name: visit.instance.name,
      action: `/visits/${params.token}`,
    })
  }

  /** Where the second generation's plugin looks for a console. */
  async console({ request, response }: HttpContext) {
    const token = request.input('token')
    if (typeof token !== 'string' || !/^[\w.-]{1,1000}$/.test(token)) throw new VisitLinkRefused()
    response.header('referrer-policy', 'no-referrer')
    return response.redirect().toPath(`/visits/${token}`)
  }

  async store({ params, session, response }: HttpContext) {
    const visit = await Visit.open(params.token)
    session.regenerate()
    session.put(VISIT, visit.id)
    return response.redirect().toPath(visitPath(visit))
  }

  async destroy({ visit, session, response }: HttpContext) {
    await visit!.end()
    session.forget(VISIT)
    return response.redirect().toPath('/visits')
  }

  /** Where one stands afterwards. */
  async ended({ view }: HttpContext) {
    return view.render('pages/visits/ended', {})
  }
}
