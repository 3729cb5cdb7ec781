import * as is from '#reference/answers'
import { asked, type Endpoint } from '#reference/endpoint'
import { list, oneOf, text, type JsonSchema } from '#reference/schema'
import { INSTANCE_SORTS, PAGE_SIZES } from '#models/instance_list'
import { OPERATION_STATES, OPERATION_TYPES } from '#models/types'
import { createInstanceValidator, powerValidator } from '#validators/instance'

const HOME = '/api/v1/organizations/:organization'

/** Where in a list: `after` and `before` are cursors that the page before gave. */
const PAGING = { size: { type: 'integer', enum: [...PAGE_SIZES] }, after: text, before: text }

const query = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
})

export const v1: Endpoint[] = [
  {
    id: 'show_me',
    route: 'GET /api/v1/me',
    tag: 'account',
    door: 'token',
    status: 200,
    answer: is.data(is.me),
  },
  {
    id: 'list_quotas',
    route: `GET ${HOME}/quotas`,
    tag: 'account',
    door: 'token',
    status: 200,
    answer: is.data(list(is.quota)),
  },
  {
    id: 'list_images',
    route: `GET ${HOME}/images`,
    tag: 'offers',
    door: 'token',
    status: 200,
    answer: is.data(list(is.image)),
  },
  {
    id: 'list_plans',
    route: `GET ${HOME}/plans`,
    tag: 'offers',
    door: 'token',
    status: 200,
    answer: is.data(list(is.plan)),
  },
  {
    id: 'list_instances',
    route: `GET ${HOME}/instances`,
    tag: 'instances',
    door: 'token',
    query: query({
      q: text,
      sort: oneOf(INSTANCE_SORTS.flatMap((sort) => [sort, `-${sort}`])),
      ...PAGING,
    }),
    status: 200,
    answer: is.page(is.instanceRow),
  },
  {
    id: 'create_instance',
    route: `POST ${HOME}/instances`,
    tag: 'instances',
    door: 'token',
    body: asked(createInstanceValidator),
    status: 202,
    answer: is.accepted,
  },
  {
    id: 'show_instance',
    route: `GET ${HOME}/instances/:id`,
    tag: 'instances',
    door: 'token',
    status: 200,
    answer: is.data(is.instance),
  },
  {
    id: 'delete_instance',
    route: `DELETE ${HOME}/instances/:id`,
    tag: 'instances',
    door: 'token',
    status: 202,
    answer: is.accepted,
  },
  {
    id: 'change_power',
    route: `POST ${HOME}/instances/:instance_id/power_state`,
    tag: 'instances',
    door: 'token',
    body: asked(powerValidator),
    status: 202,
    answer: is.accepted,
  },
  {
    id: 'list_operations',
    route: `GET ${HOME}/operations`,
    tag: 'operations',
    door: 'token',
    query: query({
      state: oneOf(OPERATION_STATES),
      type: oneOf(OPERATION_TYPES),
      instance: text,
      ...PAGING,
    }),
    status: 200,
    answer: is.page(is.operationRow),
  },
  {
    id: 'show_operation',
    route: `GET ${HOME}/operations/:id`,
    tag: 'operations',
    door: 'token',
    status: 200,
    answer: is.data(is.operation),
  },
]
