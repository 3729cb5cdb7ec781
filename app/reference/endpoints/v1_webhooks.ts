import * as is from '#reference/answers'
import { asked, PAGING, query, type Endpoint } from '#reference/endpoint'
import { object, oneOf, text, whole } from '#reference/schema'
import { DELIVERY_STATES } from '#models/types'
import { webhookValidator } from '#validators/notice'

const HOME = '/api/v1/organizations/:organization/webhooks'
const OF_ONE = { tag: 'webhooks', door: 'token' } as const

export const v1Webhooks: Endpoint[] = [
  {
    ...OF_ONE,
    id: 'list_webhooks',
    route: `GET ${HOME}`,
    status: 200,
    query: query(PAGING),
    answer: is.page(is.webhook),
  },
  {
    ...OF_ONE,
    id: 'show_webhook',
    route: `GET ${HOME}/:id`,
    status: 200,
    answer: is.data(is.webhook),
  },
  {
    ...OF_ONE,
    id: 'add_webhook',
    route: `POST ${HOME}`,
    body: asked(webhookValidator),
    status: 201,
    answer: is.data(is.webhookWithSecret),
  },
  {
    ...OF_ONE,
    id: 'change_webhook',
    route: `PUT ${HOME}/:id`,
    body: asked(webhookValidator),
    status: 200,
    answer: is.data(is.webhook),
  },
  {
    ...OF_ONE,
    id: 'remove_webhook',
    route: `DELETE ${HOME}/:id`,
    status: 204,
    answer: null,
  },
  {
    ...OF_ONE,
    id: 'rotate_webhook_secret',
    route: `POST ${HOME}/:webhook_id/rotations`,
    status: 200,
    answer: is.data(is.webhookWithSecret),
  },
  {
    ...OF_ONE,
    id: 'test_webhook',
    route: `POST ${HOME}/:webhook_id/pings`,
    status: 202,
    answer: is.data(is.webhook),
  },
  {
    ...OF_ONE,
    id: 'list_deliveries',
    route: `GET ${HOME}/:webhook_id/deliveries`,
    query: {
      type: 'object',
      properties: { state: oneOf(DELIVERY_STATES), after: text, before: text },
    },
    status: 200,
    answer: is.page(is.deliveryRow),
  },
  {
    ...OF_ONE,
    id: 'show_delivery',
    route: `GET ${HOME}/:webhook_id/deliveries/:id`,
    status: 200,
    answer: is.data(is.delivery),
  },
  {
    ...OF_ONE,
    id: 'redeliver',
    route: `POST ${HOME}/:webhook_id/deliveries/:delivery_id/redeliveries`,
    status: 202,
    answer: is.data(is.delivery),
  },
  {
    ...OF_ONE,
    id: 'redeliver_failed',
    route: `POST ${HOME}/:webhook_id/redeliveries`,
    status: 202,
    answer: is.data(object({ deliveries: whole })),
  },
]
