import type { HttpContext } from '@adonisjs/core/http'
import Instance from '#models/instance'

/** The instance of the address, with the operation that is open on it. */
export async function withOpenOperation({ organization, params }: HttpContext): Promise<Instance> {
  const instance = await Instance.of(organization, params.instance_id)
  await instance.load('operations', (operations) => operations.whereNotNull('open_on'))
  return instance
}
