import * as is from '#reference/answers'
import { asked, PAGING, query, type Endpoint } from '#reference/endpoint'
import { list, nullable, oneOf, type JsonSchema } from '#reference/schema'
import { USAGE_RANGES } from '#models/usage_history'
import { createBackupValidator } from '#validators/backup'
import { consoleSocketValidator, consoleTicketValidator } from '#validators/console'
import { copyScheduleValidator } from '#validators/copy_schedule'
import {
  addKeysValidator,
  offerInstanceValidator,
  reinstallInstanceValidator,
  renameInstanceValidator,
  resetPasswordValidator,
  resizeInstanceValidator,
} from '#validators/instance'
import { networkValidator } from '#validators/interface'
import { createPortForwardValidator } from '#validators/port_forward'
import { createSnapshotValidator } from '#validators/snapshot'
import { suspendForResaleValidator } from '#validators/suspension'

const HOME = '/api/v1/organizations/:organization/instances/:instance_id'

type Facts = Pick<Endpoint, 'tag'> & Partial<Pick<Endpoint, 'query' | 'body' | 'mayBeDone'>>

const reads = (id: string, path: string, facts: Facts, answer: JsonSchema): Endpoint => ({
  id,
  route: `GET ${HOME}/${path}`,
  door: 'token',
  status: 200,
  answer: is.data(answer),
  ...facts,
})

const lists = (id: string, path: string, tag: Endpoint['tag'], row: JsonSchema): Endpoint => ({
  ...reads(id, path, { tag, query: query(PAGING) }, row),
  answer: is.page(row),
})

const changes = (
  id: string,
  [method, path]: ['POST' | 'PUT' | 'DELETE', string],
  facts: Facts,
  answer = is.accepted
): Endpoint => ({
  id,
  route: `${method} ${HOME}/${path}`,
  door: 'token',
  status: 202,
  answer,
  ...facts,
})

/** What has no operation: `status` says whether there is an answer. */
const sets = (
  id: string,
  [method, path]: ['POST' | 'DELETE', string],
  facts: Facts,
  answer: JsonSchema | null = null
): Endpoint => ({
  id,
  route: `${method} ${HOME}/${path}`,
  door: 'token',
  status: answer ? 201 : 204,
  answer: answer && is.data(answer),
  ...facts,
})

/** All that belongs to one instance. */
export const v1Instance: Endpoint[] = [
  changes(
    'rename_instance',
    ['PUT', 'name'],
    { tag: 'instances', body: asked(renameInstanceValidator), mayBeDone: true },
    is.acceptedOrDone
  ),
  lists('list_plans_of_instance', 'plans', 'instances', is.planChoice),
  changes('resize_instance', ['PUT', 'plan'], {
    tag: 'instances',
    body: asked(resizeInstanceValidator),
  }),
  lists('list_images_of_instance', 'images', 'instances', is.image),
  changes('reinstall_instance', ['POST', 'reinstallation'], {
    tag: 'instances',
    body: asked(reinstallInstanceValidator),
  }),
  reads('show_rescue', 'rescue', { tag: 'instances' }, is.rescue),
  changes('rescue_instance', ['POST', 'rescue'], { tag: 'instances' }),
  reads('list_tasks', 'tasks', { tag: 'instances' }, list(is.clusterTask)),
  reads('show_task', 'tasks/:id', { tag: 'instances' }, is.clusterTaskWithLog),
  reads('list_suspensions', 'suspensions', { tag: 'instances' }, list(is.suspension)),
  changes(
    'suspend_instance',
    ['POST', 'suspensions'],
    { tag: 'instances', body: asked(suspendForResaleValidator), mayBeDone: true },
    is.acceptedOrDone
  ),
  changes(
    'lift_suspension',
    ['DELETE', 'suspensions/:reason'],
    { tag: 'instances', mayBeDone: true },
    is.acceptedOrDone
  ),

  reads('show_transfer', 'transfer', { tag: 'instances' }, nullable(is.transfer)),
  sets(
    'offer_instance',
    ['POST', 'transfer'],
    { tag: 'instances', body: asked(offerInstanceValidator) },
    is.transfer
  ),
  sets('withdraw_instance', ['DELETE', 'transfer'], { tag: 'instances' }),

  reads('show_consoles', 'console', { tag: 'access' }, is.consoles),
  sets(
    'issue_console_ticket',
    ['POST', 'console/tickets'],
    { tag: 'access', body: asked(consoleTicketValidator) },
    is.consoleTicket
  ),
  {
    id: 'open_console',
    route: `GET ${HOME}/console/socket`,
    tag: 'access',
    door: 'token',
    query: asked(consoleSocketValidator),
    status: 101,
    answer: null,
  },
  changes('reset_password', ['POST', 'password_resets'], {
    tag: 'access',
    body: asked(resetPasswordValidator),
  }),
  {
    id: 'reveal_root_password',
    route: `POST ${HOME}/root_password`,
    tag: 'access',
    door: 'token',
    status: 200,
    answer: is.data(is.rootPassword),
  },
  lists('list_ssh_keys', 'ssh_keys', 'access', is.key),
  changes(
    'add_ssh_keys',
    ['POST', 'ssh_keys'],
    { tag: 'access', body: asked(addKeysValidator), mayBeDone: true },
    is.acceptedOrDone
  ),
  changes(
    'remove_ssh_key',
    ['DELETE', 'ssh_keys/:id'],
    { tag: 'access', mayBeDone: true },
    is.acceptedOrDone
  ),

  reads('list_interfaces', 'interfaces', { tag: 'ports' }, list(is.card)),
  reads('list_networks', 'networks', { tag: 'ports' }, list(is.networkChoice)),
  changes('attach_network', ['POST', 'interfaces'], {
    tag: 'ports',
    body: asked(networkValidator),
  }),
  changes('detach_network', ['DELETE', 'interfaces/:id'], { tag: 'ports' }),

  lists('list_port_forwards', 'port_forwards', 'ports', is.forward),
  lists('list_port_pools', 'port_pools', 'ports', is.portPool),
  changes(
    'create_port_forward',
    ['POST', 'port_forwards'],
    { tag: 'ports', body: asked(createPortForwardValidator) },
    is.acceptedWith({ port_forwards: list(is.forward) })
  ),
  changes('delete_port_forward', ['DELETE', 'port_forwards/:id'], { tag: 'ports' }),

  lists('list_snapshots', 'snapshots', 'copies', is.snapshot),
  changes(
    'take_snapshot',
    ['POST', 'snapshots'],
    { tag: 'copies', body: asked(createSnapshotValidator) },
    is.acceptedWith({ snapshot: is.snapshot })
  ),
  changes('restore_snapshot', ['POST', 'snapshots/:snapshot_id/restoration'], { tag: 'copies' }),
  changes('delete_snapshot', ['DELETE', 'snapshots/:id'], { tag: 'copies' }),
  lists('list_snapshot_schedules', 'snapshot_schedules', 'copies', is.copySchedule),
  sets(
    'set_snapshot_schedule',
    ['POST', 'snapshot_schedules'],
    { tag: 'copies', body: asked(copyScheduleValidator) },
    is.copySchedule
  ),
  sets('end_snapshot_schedule', ['DELETE', 'snapshot_schedules/:id'], { tag: 'copies' }),
  lists('list_backups_of_instance', 'backups', 'copies', is.backup),
  changes(
    'make_backup',
    ['POST', 'backups'],
    { tag: 'copies', body: asked(createBackupValidator) },
    is.acceptedWith({ backup: is.backup })
  ),
  lists('list_backup_schedules', 'backup_schedules', 'copies', is.copySchedule),
  sets(
    'set_backup_schedule',
    ['POST', 'backup_schedules'],
    { tag: 'copies', body: asked(copyScheduleValidator) },
    is.copySchedule
  ),
  sets('end_backup_schedule', ['DELETE', 'backup_schedules/:id'], { tag: 'copies' }),

  reads(
    'show_usage',
    'usage',
    { tag: 'usage', query: { type: 'object', properties: { range: oneOf(USAGE_RANGES) } } },
    is.usage
  ),
  reads('show_traffic', 'traffic', { tag: 'usage' }, is.traffic),
]
