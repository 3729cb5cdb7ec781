import type { HttpContext } from '@adonisjs/core/http'
import Batch from '#models/batch'
import { countItems } from '#models/batch_list'
import type Instance from '#models/instance'
import type Operation from '#models/operation'
import { apiBatch } from '#transformers/api/v1/batch'
import { apiOperation } from '#transformers/api/v1/operation'

/** 202: what was asked for goes on as an operation, and here is where it is followed. `more`: what it makes. */
export async function accepted<More extends object>(
  { organization, response }: HttpContext,
  instance: Pick<Instance, 'uid'> | null,
  operation: Operation,
  more?: More
) {
  const path = `/api/v1/organizations/${organization.slug}/operations/${operation.uid}`
  await operation.load('instance')
  return response
    .status(202)
    .header('location', path)
    .send({
      data: { instance: instance?.uid ?? null, operation: apiOperation(operation), ...more },
    })
}

/** The same, or 200 where there was nothing to do in a cluster. */
export function acceptedOrDone(
  ctx: HttpContext,
  instance: Pick<Instance, 'uid'>,
  operation: Operation | null
) {
  if (operation) return accepted(ctx, instance, operation)
  return ctx.response.ok({ data: { instance: instance.uid, operation: null } })
}

/** 202: a batch goes on, and here is where it is followed. */
export async function acceptedBatch<More extends object>(
  { organization, response }: HttpContext,
  { uid }: Batch,
  more?: More
) {
  const batch = await Batch.of(organization, uid)
  const data = { ...apiBatch(batch, await countItems(batch)), ...more }
  const path = `/api/v1/organizations/${organization.slug}/batches/${uid}`
  return response.status(202).header('location', path).send({ data })
}
