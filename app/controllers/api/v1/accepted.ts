import type { HttpContext } from '@adonisjs/core/http'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { apiOperation } from '#transformers/api/v1/operation'

/** 202: what was asked for goes on as an operation, and here is where it is followed. */
export async function accepted(
  { organization, response }: HttpContext,
  instance: Instance,
  operation: Operation
) {
  const path = `/api/v1/organizations/${organization.slug}/operations/${operation.uid}`
  await operation.load('instance')
  return response
    .status(202)
    .header('location', path)
    .send({ data: { instance: instance.uid, operation: apiOperation(operation) } })
}
