import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { choicesOfNode } from '#models/move'
import StaffPolicy from '#policies/staff_policy'
import { movePage } from '#transformers/instance_move'
import { moveInstanceValidator } from '#validators/instance'
import { NodeNotOffered } from '#exceptions/domain_error'

/** On which node an instance lives: chosen by staff, never by its owner. */
export default class MovesController {
  async create({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const instance = await Instance.forPage(organization, params.instance_id)
    const choices = await choicesOfNode(instance)
    return view.render('pages/instances/move/create', {
      page: movePage(instance, choices, { membership, home }),
    })
  }

  async store({ organization, home, params, request, bouncer, auth, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('act')
    const instance = await Instance.of(organization, params.instance_id)
    const wish = await request.validateUsing(moveInstanceValidator)
    const choices = await choicesOfNode(instance)
    const chosen = choices.find(({ node }) => node.uid === wish.node)
    if (!chosen) throw new NodeNotOffered()
    const order = { node: chosen.node, by: auth.getUserOrFail(), requestKey: wish.request_key }
    const operation = await instance.move(order)
    return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  }
}
