import type { HttpContext } from '@adonisjs/core/http'
import { askerOf } from '#controllers/asker'
import Instance from '#models/instance'
import type { KeysOrder } from '#models/instance_key'
import SshKey from '#models/ssh_key'
import InstancePolicy from '#policies/instance_policy'
import { addKeysValidator, removeKeysValidator } from '#validators/instance'

/** Public keys by which one signs in to an instance. */
export default class SshKeysController {
  async store(ctx: HttpContext) {
    await ctx.bouncer.with(InstancePolicy).authorize('changeKeys', ctx.membership)
    const wish = await ctx.request.validateUsing(addKeysValidator)
    const add = await SshKey.chosen(askerOf(ctx), wish)
    return change(ctx, { add }, wish.request_key)
  }

  async destroy(ctx: HttpContext) {
    await ctx.bouncer.with(InstancePolicy).authorize('changeKeys', ctx.membership)
    const wish = await ctx.request.validateUsing(removeKeysValidator)
    return change(ctx, { remove: wish.keys }, wish.request_key)
  }
}

async function change(
  ctx: HttpContext,
  order: Pick<KeysOrder, 'add' | 'remove'>,
  requestKey?: string
) {
  const { organization, home, params, response, session, i18n } = ctx
  const instance = await Instance.of(organization, params.instance_id)
  const by = askerOf(ctx)
  const operation = await instance.changeKeys({ ...order, by, requestKey })
  if (operation) return response.redirect().toPath(`${home}/operations/${operation.uid}`)
  session.flash('notice', { kind: 'success', message: i18n.t('instances.keys.unchanged') })
  return response.redirect().toPath(`${home}/instances/${instance.uid}/access`)
}
