import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import InstanceKey from '#models/instance_key'
import SshKey from '#models/ssh_key'
import InstancePolicy from '#policies/instance_policy'
import { instanceAccess } from '#transformers/instance_access'
import { instanceFrame } from '#transformers/instance_frame'
import { sshKeyItem } from '#transformers/ssh_key'

/** By what one signs in to an instance. */
export default class AccessController {
  async show(ctx: HttpContext) {
    const { organization, membership, home, params, bouncer, view } = ctx
    await bouncer.with(InstancePolicy).authorize('view', membership)
    const instance = await Instance.forPage(organization, params.instance_id)
    const keys = await InstanceKey.of(instance)
    const asker = askerOf(ctx)
    const kept = asker ? await SshKey.ofUser(asker) : []
    return view.render('pages/instances/access/show', {
      frame: instanceFrame(instance, { membership, home }, 'access'),
      access: instanceAccess(instance, keys, { membership, home }),
      keptKeys: kept.map(sshKeyItem),
    })
  }
}
