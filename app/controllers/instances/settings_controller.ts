import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'
import { hasOtherNode } from '#models/move'
import InstancePolicy from '#policies/instance_policy'
import { instanceSettings } from '#transformers/instance_settings'
import { instanceFrame } from '#transformers/instance_frame'

/** What is changed rarely, and what cannot be undone. */
export default class SettingsController {
  async show({ organization, membership, home, params, bouncer, view }: HttpContext) {
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const onlooker = { membership, home }
    return view.render('pages/instances/settings/show', {
      frame: instanceFrame(instance, onlooker, 'settings'),
      settings: instanceSettings(instance, onlooker, await hasOtherNode(instance)),
    })
  }
}
