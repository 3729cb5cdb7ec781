import * as is from '#reference/answers'
import { asked, type Endpoint } from '#reference/endpoint'
import {
  both,
  list,
  nothing,
  nullable,
  number,
  object,
  text,
  truth,
  type JsonSchema,
} from '#reference/schema'
import {
  billedInstanceValidator,
  billedOrderValidator,
  billedPasswordValidator,
  billedPortCheckValidator,
  billedReinstallValidator,
  billedResizeValidator,
  billedRuleNameValidator,
  billedRuleValidator,
  billedSnapshotValidator,
  billedTaskListValidator,
  billedTaskValidator,
  billedVisitValidator,
  FIRST_WORDS,
} from '#validators/api_billing'
import { USAGE_RANGES } from '#models/usage_history'

/** All that is asked for is which container. */
const ONE = asked(billedInstanceValidator)

const anything: JsonSchema = {}
const lookup: JsonSchema = { type: 'object', properties: { hostname: text } }

type More = Partial<Pick<Endpoint, 'query' | 'body' | 'sentAs'>>

const billed = (
  id: string,
  route: Endpoint['route'],
  data: JsonSchema,
  more: More = { query: ONE }
): Endpoint => ({
  id: `billing_${id}`,
  route,
  tag: 'billing',
  door: 'billing',
  status: 200,
  answer: is.envelope(data),
  ...more,
})

const form = (body: JsonSchema): More => ({ body, sentAs: 'form' })

/** What is not carried, and is told so. */
const refused = (noun: string, deed: 'add' | 'delete') =>
  billed(`${noun}_${deed}`, `POST /api/${noun}/${deed}`, nothing, form(lookup))

export const billing: Endpoint[] = [
  billed('check', 'GET /api/check', nothing, {}),
  billed('create', 'POST /api/create', is.billedAccess, {
    body: inBothWords(billedOrderValidator),
  }),
  billed('list', 'GET /api/list', list(is.billed), {}),
  billed('getinfo', 'GET /api/getinfo', both(is.billed, is.billedUse)),
  billed('info', 'GET /api/info', both(is.billed, is.billedUse)),
  billed('status', 'GET /api/status', both(is.billed, is.billedUse)),
  billed('details', 'GET /api/details', anything),
  billed('boot', 'GET /api/boot', nothing),
  billed('stop', 'GET /api/stop', nothing),
  billed('forcestop', 'GET /api/forcestop', nothing),
  billed('reboot', 'GET /api/reboot', nothing),
  billed('suspend', 'GET /api/suspend', nothing),
  billed('unsuspend', 'GET /api/unsuspend', nothing),
  billed('password', 'POST /api/password', nothing, { body: asked(billedPasswordValidator) }),
  billed('resize', 'POST /api/resize', anything, { body: inBothWords(billedResizeValidator) }),
  billed('snapshots', 'GET /api/snapshots', anything),
  billed('take_snapshot', 'POST /api/snapshots', anything, {
    body: asked(billedSnapshotValidator),
  }),
  billed('restore_snapshot', 'POST /api/snapshots/restore', anything, {
    body: asked(billedSnapshotValidator),
  }),
  billed('delete_snapshot', 'POST /api/snapshots/delete', anything, {
    body: asked(billedSnapshotValidator),
  }),
  billed('reinstall', 'POST /api/reinstall', is.billedAccess, {
    body: asked(billedReinstallValidator),
  }),
  billed('sso', 'POST /api/sso', object({ url: text, expires_in: number }), {
    body: asked(billedVisitValidator),
  }),
  billed(
    'console',
    'POST /api/console/create-token',
    object({ token: text, url: text, expires_in: number }),
    // What else that plugin sends is not asked for.
    { body: { ...ONE, additionalProperties: true } }
  ),
  billed('delete', 'GET /api/delete', nothing),
  billed('natlist', 'GET /api/natlist', list(is.rule)),
  billed('addport', 'POST /api/addport', list(is.rule), form(asked(billedRuleValidator))),
  billed('delport', 'POST /api/delport', nothing, form(asked(billedRuleNameValidator))),
  billed('nat_check', 'GET /api/nat/check', object({ available: truth, reason: text }), {
    query: asked(billedPortCheckValidator),
  }),
  billed('traffic', 'GET /api/traffic', is.billedTrafficUsed),
  billed('traffic_reset', 'POST /api/traffic/reset', nothing),
  billed('usage', 'GET /api/usage', is.usage, { query: withRange() }),
  billed('task_status', 'GET /api/task_status', is.task, { query: asked(billedTaskValidator) }),
  billed('cluster_tasks', 'GET /api/cluster_tasks', nullable(list(is.billedClusterTaskRow)), {
    query: asked(billedTaskListValidator),
  }),
  billed('task_list', 'GET /api/task/list', list(is.taskRow), {
    query: asked(billedTaskListValidator),
  }),
  billed('ipv4_list', 'GET /api/ipv4/list', list(anything)),
  billed('ipv6_list', 'GET /api/ipv6/list', list(anything)),
  billed('proxy_list', 'GET /api/proxy/list', list(anything), { query: lookup }),
  billed('proxy_list_post', 'POST /api/proxy/list', list(anything), { query: lookup }),
  billed('proxy_check', 'GET /api/proxy/check', object({ available: truth, reason: text }), {
    query: { type: 'object', properties: { domain: text } },
  }),
  ...['ipv4', 'ipv6', 'proxy'].flatMap((noun) => [refused(noun, 'add'), refused(noun, 'delete')]),
]

/** In the words of the second generation, or in those of the first. */
function inBothWords(validator: Parameters<typeof asked>[0]): JsonSchema {
  const second = asked(validator)
  const first = Object.entries({ ...FIRST_WORDS, ports: 'nat_limit' }).map(([old, word]) => [
    old,
    // As text or as a number, whatever the plugin makes of it.
    { type: ['string', 'number'], description: `= ${word}` },
  ])
  return {
    type: 'object',
    properties: { ...(second.properties as object), ...Object.fromEntries(first) },
    required: ['hostname'],
  }
}

function withRange(): JsonSchema {
  const properties = {
    ...(ONE.properties as Record<string, JsonSchema>),
    range: { type: 'string', enum: [...USAGE_RANGES] },
  }
  return { ...ONE, properties }
}
