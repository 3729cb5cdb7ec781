import type { HttpContext } from '@adonisjs/core/http'
import SshKey from '#models/ssh_key'
import { apiPageAmong } from '#transformers/api/v1/page'
import { apiKeptKey } from '#transformers/api/v1/ssh_key'
import { pageOf } from '#validators/instance_list'
import { sshKeysValidator } from '#validators/ssh_key'

/** Public keys that the token's owner keeps, to choose among them for instances. */
export default class SshKeysController {
  async index({ auth, request }: HttpContext) {
    const keys = await SshKey.ofUser(auth.getUserOrFail())
    return apiPageAmong(keys.map(apiKeptKey), pageOf(request.qs()))
  }

  /** All of them or none. */
  async store({ auth, request, response }: HttpContext) {
    const { ssh_keys: lines } = await request.validateUsing(sshKeysValidator)
    const kept = await SshKey.keep(auth.getUserOrFail(), lines)
    return response.created({ data: kept.map(apiKeptKey) })
  }

  async destroy({ auth, params, response }: HttpContext) {
    const user = auth.getUserOrFail()
    const key = await SshKey.of(user, params.id)
    await key.remove(user)
    return response.noContent()
  }
}
