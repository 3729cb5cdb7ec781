import type { HttpContext } from '@adonisjs/core/http'
import { ServerList } from '#models/server_list'
import { osServer } from '#transformers/api/os/server'

/** All instances that the person may see, in whichever organization. */
export default class ServersController {
  async index({ auth }: HttpContext) {
    const rows = await ServerList.of(auth.getUserOrFail())
    return rows.map(osServer)
  }
}
