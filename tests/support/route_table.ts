import type { Role, StaffRole } from '#models/types'

/**
 * Who is let in, from the least to the most:
 * `anyone`, `visitor` (signed out), `person` (signed in), a role in the organization of the address, a rank of
 * the staff, `token` (a program with an API token), `token viewer` and so on (of somebody with that role in the
 * organization of the address), `billing key` (a billing system), `visit` (its customer, on the pages of one
 * instance), `machine` (its own guard, tested beside it).
 */
export type Audience =
  | 'anyone'
  | 'visitor'
  | 'person'
  | Role
  | `staff ${StaffRole}`
  | 'token'
  | `token ${Role}`
  | 'billing key'
  | 'visit'
  | 'machine'

/** Which of the samples stands for `:id`; see `samples` in the isolation test. */
export type SampleId =
  | 'member'
  | 'ownerMember'
  | 'invitation'
  | 'event'
  | 'platformEvent'
  | 'organization'
  | 'user'
  | 'instance'
  | 'operation'
  | 'batch'
  | 'webhook'
  | 'delivery'
  | 'list'
  | 'staffBatch'
  | 'cluster'
  | 'node'
  | 'image'
  | 'plan'
  | 'pool'
  | 'portPool'
  | 'snapshot'
  | 'interface'
  | 'copySchedule'
  | 'backup'
  | 'backupSchedule'
  | 'billingKey'
  | 'license'
  | 'transfer'
  | 'finding'
  | 'clusterTask'
  | 'nobody'

export type RouteSample = {
  audience: Audience
  id?: SampleId
  form?: Record<string, string>
  /** What whoever is let in is answered, where it is neither a page nor a redirect nor a refused form. */
  answers?: number
  /** Never ends by itself; only asked for by those who are not let in. */
  stream?: true
}

const to = (audience: Audience, more: Omit<RouteSample, 'audience'> = {}): RouteSample => ({
  audience,
  ...more,
})

/**
 * Every route, and to whom it is open. A route that is not here fails the isolation test: add it with the least
 * audience that should get in, and with a sample of what its address and its form hold.
 */
export const ROUTES: Record<string, RouteSample> = {
  'GET /': to('anyone'),
  'POST /preferences': to('anyone'),
  'GET /design': to('anyone'),
  'GET /development/mail': to('machine'),
  'GET /development/mail/:id': to('machine'),

  'GET /sign-up': to('visitor'),
  'POST /sign-up': to('visitor'),
  'GET /sign-in': to('visitor'),
  'POST /sign-in': to('visitor'),
  'POST /sign-in/passkey': to('visitor'),
  'GET /forgot-password': to('visitor'),
  'POST /forgot-password': to('visitor'),
  'GET /first-administrator/:token': to('visitor', { answers: 410 }),
  'POST /first-administrator/:token': to('visitor', { answers: 410 }),
  'GET /sign-in/second-factor': to('visitor'),
  'POST /sign-in/second-factor': to('visitor'),
  'POST /passkey-challenges': to('anyone'),
  'GET /verify-email': to('anyone'),
  'POST /verify-email': to('anyone'),
  'GET /verify-email/:token': to('anyone', { answers: 410 }),
  'POST /verify-email/:token': to('anyone', { answers: 410 }),
  'GET /confirm-email/:token': to('anyone', { answers: 410 }),
  'POST /confirm-email/:token': to('anyone', { answers: 410 }),
  'GET /reset-password/:token': to('anyone', { answers: 410 }),
  'POST /reset-password/:token': to('anyone', { answers: 410 }),
  'POST /sign-out': to('anyone'),
  'GET /invitations/:token': to('anyone', { answers: 404 }),
  'POST /invitations/:token/acceptance': to('person', { answers: 404 }),

  'GET /console': to('anyone', { answers: 410 }),
  'GET /visits': to('anyone'),
  'GET /visits/:token': to('anyone', { answers: 410 }),
  'POST /visits/:token': to('anyone', { answers: 410 }),
  'DELETE /visit': to('visit'),
  'GET /visit/instances/:instance_id': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/usage': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/usage/points': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/port-forwards': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/port-forwards': to('visit', {
    id: 'instance',
    form: { protocol: 'tcp', target_port: '22' },
  }),
  'DELETE /visit/instances/:instance_id/port-forwards': to('visit', {
    id: 'instance',
    form: { forwards: 'fnobody' },
  }),
  'GET /visit/instances/:instance_id/port-forwards/deletion': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/snapshots': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/snapshots': to('visit', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'DELETE /visit/instances/:instance_id/snapshots/:id': to('visit', { id: 'snapshot' }),
  'GET /visit/instances/:instance_id/snapshots/:id/deletion': to('visit', { id: 'snapshot' }),
  'GET /visit/instances/:instance_id/snapshots/:id/restoration': to('visit', { id: 'snapshot' }),
  'POST /visit/instances/:instance_id/snapshots/:id/restoration': to('visit', { id: 'snapshot' }),
  'POST /visit/instances/:instance_id/snapshot-schedules': to('visit', { id: 'instance' }),
  'DELETE /visit/instances/:instance_id/snapshot-schedules/:id': to('visit', {
    id: 'copySchedule',
  }),
  'GET /visit/instances/:instance_id/console': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/console/tickets': to('visit', {
    id: 'instance',
    form: { kind: 'shell' },
  }),
  'GET /visit/instances/:instance_id/console/socket': to('visit', { id: 'instance', answers: 426 }),
  'GET /visit/instances/:instance_id/access': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/password_resets': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/root_password': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/ssh-keys': to('visit', { id: 'instance' }),
  'DELETE /visit/instances/:instance_id/ssh-keys': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/rescue': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/rescue': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/disks': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/tasks': to('visit', { id: 'instance' }),
  'GET /visit/instances/:instance_id/tasks/:id': to('visit', { id: 'clusterTask' }),
  'GET /visit/instances/:instance_id/history': to('visit', { id: 'instance' }),
  'POST /visit/instances/:instance_id/power_state': to('visit', {
    id: 'instance',
    form: { action: 'start' },
  }),
  'GET /visit/operations/:id': to('visit', { id: 'operation' }),
  'GET /visit/operations/:operation_id/events': to('visit', { id: 'operation', stream: true }),

  'GET /account': to('person'),
  'GET /account/profile': to('person'),
  'PUT /account/profile': to('person'),
  'GET /account/notifications': to('person'),
  'PUT /account/notifications': to('person'),
  'GET /account/sessions': to('person'),
  'DELETE /account/sessions/:id': to('person', { id: 'nobody', answers: 404 }),
  'DELETE /account/other-sessions': to('person'),
  'GET /account/confirm': to('person'),
  'POST /account/confirm': to('person'),
  'DELETE /account/email': to('person'),
  'GET /account/email': to('person'),
  'POST /account/email': to('person'),
  'GET /account/password': to('person'),
  'PUT /account/password': to('person'),
  'GET /account/security': to('person'),
  'GET /account/api-tokens': to('person'),
  'DELETE /account/api-tokens/:id': to('person', { id: 'nobody', answers: 404 }),
  'GET /account/recovery-codes': to('person'),
  'GET /account/authenticator': to('person'),
  'POST /account/authenticator': to('person'),
  'DELETE /account/authenticator': to('person'),
  'GET /account/passkeys/create': to('person'),
  'POST /account/passkeys': to('person'),
  'DELETE /account/passkeys/:id': to('person', { id: 'nobody', answers: 404 }),
  'POST /account/recovery-codes': to('person'),
  'GET /account/api-tokens/create': to('person'),
  'POST /account/api-tokens': to('person'),
  'GET /account/ssh-keys': to('person'),
  'GET /account/ssh-keys/create': to('person'),
  'POST /account/ssh-keys': to('person'),
  'DELETE /account/ssh-keys/:id': to('person', { id: 'nobody', answers: 404 }),

  'GET /api/v1/me': to('token'),
  'PUT /api/v1/profile': to('token'),
  'GET /api/v1/notifications': to('token'),
  'PUT /api/v1/notifications': to('token'),
  'GET /api/v1/sessions': to('token'),
  'DELETE /api/v1/sessions': to('token'),
  'DELETE /api/v1/sessions/:id': to('token', { answers: 404 }),
  'GET /api/v1/tokens': to('token'),
  'DELETE /api/v1/tokens/:id': to('token', { answers: 404 }),
  'GET /api/v1/invitations': to('token'),
  'POST /api/v1/invitations/:invitation_id/acceptance': to('token', { answers: 404 }),
  'GET /api/v1/organizations': to('token'),
  'POST /api/v1/organizations': to('token'),
  'GET /api/v1/organizations/:organization': to('token viewer'),
  'PUT /api/v1/organizations/:organization': to('token admin'),
  'DELETE /api/v1/organizations/:organization': to('token owner'),
  'PUT /api/v1/organizations/:organization/members/:id': to('token admin', {
    id: 'member',
    form: { role: 'operator' },
  }),
  'DELETE /api/v1/organizations/:organization/members/:id': to('token admin', { id: 'member' }),
  'DELETE /api/v1/organizations/:organization/membership': to('token viewer'),
  'GET /api/v1/organizations/:organization/invitations': to('token admin'),
  'POST /api/v1/organizations/:organization/invitations': to('token admin', {
    form: { email: 'somebody@example.com', role: 'viewer' },
  }),
  'DELETE /api/v1/organizations/:organization/invitations/:id': to('token admin', {
    id: 'invitation',
  }),
  'POST /api/v1/organizations/:organization/invitations/:invitation_id/deliveries': to(
    'token admin',
    {
      id: 'invitation',
    }
  ),
  'GET /api/v1/organizations/:organization/notifications': to('token viewer'),
  'PUT /api/v1/organizations/:organization/notifications/:id': to('token admin', {
    id: 'ownerMember',
    form: { kinds: 'transfer' },
  }),
  'GET /api/v1/organizations/:organization/billing_keys': to('token admin'),
  'DELETE /api/v1/organizations/:organization/billing_keys/:id': to('token admin', {
    id: 'billingKey',
  }),
  'GET /api/v1/organizations/:organization/clusters': to('token viewer'),
  'GET /api/v1/organizations/:organization/transfers': to('token admin'),
  'GET /api/v1/organizations/:organization/transfers/:id': to('token admin', { id: 'transfer' }),
  'DELETE /api/v1/organizations/:organization/transfers/:id': to('token admin', { id: 'transfer' }),
  'POST /api/v1/organizations/:organization/transfers/:transfer_id/acceptance': to('token admin', {
    id: 'transfer',
    form: { name: 'received' },
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/transfer': to('token admin', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/transfer': to('token admin', {
    id: 'instance',
  }),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/transfer': to('token admin', {
    id: 'instance',
  }),
  'GET /api/v1/organizations/:organization/batches': to('token viewer'),
  'POST /api/v1/organizations/:organization/batches': to('token operator', {
    form: { deed: 'stop' },
  }),
  'GET /api/v1/organizations/:organization/batches/:id': to('token viewer', { id: 'batch' }),
  'GET /api/v1/organizations/:organization/batches/:batch_id/items': to('token viewer', {
    id: 'batch',
  }),
  'POST /api/v1/organizations/:organization/batches/:batch_id/cancellation': to('token operator', {
    id: 'batch',
  }),
  'POST /api/v1/organizations/:organization/batches/:batch_id/retries': to('token operator', {
    id: 'batch',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/console': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/console/tickets': to(
    'token operator',
    {
      id: 'instance',
      form: { kind: 'shell' },
    }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/console/socket': to(
    'token operator',
    {
      id: 'instance',
      answers: 426,
    }
  ),
  'GET /api/v1/ssh_keys': to('token'),
  'POST /api/v1/ssh_keys': to('token'),
  'DELETE /api/v1/ssh_keys/:id': to('token', { answers: 404 }),
  'GET /api/v1/organizations/:organization/images': to('token viewer'),
  'GET /api/v1/organizations/:organization/plans': to('token viewer'),
  'GET /api/v1/organizations/:organization/quotas': to('token viewer'),
  'GET /api/v1/organizations/:organization/instances': to('token viewer'),
  'POST /api/v1/organizations/:organization/instances': to('token operator'),
  'GET /api/v1/organizations/:organization/instances/:id': to('token viewer', { id: 'instance' }),
  'DELETE /api/v1/organizations/:organization/instances/:id': to('token admin', { id: 'instance' }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/power_state': to(
    'token operator',
    { id: 'instance', form: { action: 'stop' } }
  ),
  'GET /api/v1/organizations/:organization/operations': to('token viewer'),
  'GET /api/v1/organizations/:organization/operations/:id': to('token viewer', {
    id: 'operation',
  }),
  'GET /api/v1/organizations/:organization/members': to('token viewer'),
  'GET /api/v1/organizations/:organization/activity': to('token admin'),
  'GET /api/v1/organizations/:organization/webhooks': to('token admin'),
  'POST /api/v1/organizations/:organization/webhooks': to('token admin', { form: {} }),
  'GET /api/v1/organizations/:organization/webhooks/:id': to('token admin', { id: 'webhook' }),
  'PUT /api/v1/organizations/:organization/webhooks/:id': to('token admin', {
    id: 'webhook',
    form: {},
  }),
  'DELETE /api/v1/organizations/:organization/webhooks/:id': to('token admin', { id: 'webhook' }),
  'POST /api/v1/organizations/:organization/webhooks/:webhook_id/rotations': to('token admin', {
    id: 'webhook',
  }),
  'POST /api/v1/organizations/:organization/webhooks/:webhook_id/pings': to('token admin', {
    id: 'webhook',
  }),
  'POST /api/v1/organizations/:organization/webhooks/:webhook_id/redeliveries': to('token admin', {
    id: 'webhook',
  }),
  'GET /api/v1/organizations/:organization/webhooks/:webhook_id/deliveries': to('token admin', {
    id: 'webhook',
  }),
  'GET /api/v1/organizations/:organization/webhooks/:webhook_id/deliveries/:id': to('token admin', {
    id: 'delivery',
  }),
  'POST /api/v1/organizations/:organization/webhooks/:webhook_id/deliveries/:delivery_id/redeliveries':
    to('token admin', { id: 'delivery' }),
  'GET /api/v1/organizations/:organization/backups': to('token viewer'),
  'GET /api/v1/organizations/:organization/backups/:id': to('token viewer', { id: 'backup' }),
  'GET /api/v1/organizations/:organization/backups/:id/archive': to('token operator', {
    id: 'backup',
  }),
  'POST /api/v1/organizations/:organization/backups/:backup_id/restoration': to('token operator', {
    id: 'backup',
    form: { name: 'again', plan: 'nothing' },
  }),
  'DELETE /api/v1/organizations/:organization/backups/:id': to('token admin', { id: 'backup' }),
  'POST /api/v1/organizations/:organization/operations/:operation_id/cancellation': to(
    'token operator',
    { id: 'operation' }
  ),
  'POST /api/v1/organizations/:organization/operations/:operation_id/retry': to('token operator', {
    id: 'operation',
  }),
  'PUT /api/v1/organizations/:organization/instances/:instance_id/name': to('token operator', {
    id: 'instance',
    form: { name: 'web-2' },
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/plans': to('token viewer', {
    id: 'instance',
  }),
  'PUT /api/v1/organizations/:organization/instances/:instance_id/plan': to('token admin', {
    id: 'instance',
    form: { plan: 'nothing' },
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/images': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/reinstallation': to(
    'token admin',
    { id: 'instance', form: { image: 'nothing', password_choice: 'generated' } }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/rescue': to('token operator', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/rescue': to('token operator', {
    id: 'instance',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/suspensions': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/password_resets': to(
    'token operator',
    { id: 'instance', form: { password_choice: 'generated' } }
  ),
  'POST /api/v1/organizations/:organization/instances/:instance_id/root_password': to(
    'token operator',
    { id: 'instance' }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/ssh_keys': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/ssh_keys': to('token operator', {
    id: 'instance',
    form: { ssh_keys: 'none' },
  }),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/ssh_keys/:id': to(
    'token operator',
    { id: 'instance', answers: 404 }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/interfaces': to('token viewer', {
    id: 'instance',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/networks': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/interfaces': to(
    'token operator',
    { id: 'instance', form: { network: 'nowhere' } }
  ),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/interfaces/:id': to(
    'token operator',
    { id: 'instance', answers: 404 }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/port_forwards': to(
    'token viewer',
    { id: 'instance' }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/port_pools': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/port_forwards': to(
    'token operator',
    { id: 'instance', form: { protocol: 'tcp', target_port: '22' } }
  ),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/port_forwards/:id': to(
    'token operator',
    { id: 'instance', answers: 404 }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/snapshots': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/snapshots': to(
    'token operator',
    { id: 'instance', form: { name: 'one' } }
  ),
  'POST /api/v1/organizations/:organization/instances/:instance_id/snapshots/:snapshot_id/restoration':
    to('token operator', { id: 'snapshot' }),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/snapshots/:id': to(
    'token operator',
    { id: 'snapshot' }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/snapshot_schedules': to(
    'token viewer',
    { id: 'instance' }
  ),
  'POST /api/v1/organizations/:organization/instances/:instance_id/snapshot_schedules': to(
    'token operator',
    { id: 'instance', form: { rhythm: 'daily', keep: '2', hour: '3', weekday: '1' } }
  ),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/snapshot_schedules/:id': to(
    'token operator',
    { id: 'copySchedule' }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/backups': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/backups': to('token operator', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/backup_schedules': to(
    'token viewer',
    { id: 'instance' }
  ),
  'POST /api/v1/organizations/:organization/instances/:instance_id/backup_schedules': to(
    'token operator',
    { id: 'instance', form: { rhythm: 'daily', keep: '2', hour: '3', weekday: '1' } }
  ),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/backup_schedules/:id': to(
    'token operator',
    { id: 'backupSchedule' }
  ),
  'GET /api/v1/organizations/:organization/instances/:instance_id/usage': to('token viewer', {
    id: 'instance',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/tasks': to('token viewer', {
    id: 'instance',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/tasks/:id': to('token viewer', {
    id: 'clusterTask',
  }),
  'GET /api/v1/organizations/:organization/instances/:instance_id/traffic': to('token viewer', {
    id: 'instance',
  }),
  'POST /api/v1/organizations/:organization/instances/:instance_id/suspensions': to('token admin', {
    id: 'instance',
    form: { reason: 'resale' },
  }),
  'DELETE /api/v1/organizations/:organization/instances/:instance_id/suspensions/:reason': to(
    'token admin',
    { id: 'instance' }
  ),

  'POST /api/auth/register': to('machine'),
  'POST /api/auth/login': to('machine'),
  'GET /api/os/servers': to('token'),
  'POST /api/os/servers/:id/action': to('token', { answers: 400 }),

  'GET /api/check': to('billing key'),
  'GET /api/list': to('billing key'),
  'GET /api/getinfo': to('billing key', { answers: 400 }),
  'GET /api/info': to('billing key', { answers: 400 }),
  'GET /api/status': to('billing key', { answers: 400 }),
  'POST /api/create': to('billing key', { answers: 400 }),
  'GET /api/delete': to('billing key', { answers: 400 }),
  'GET /api/boot': to('billing key', { answers: 400 }),
  'GET /api/stop': to('billing key', { answers: 400 }),
  'GET /api/reboot': to('billing key', { answers: 400 }),
  'GET /api/suspend': to('billing key', { answers: 400 }),
  'GET /api/unsuspend': to('billing key', { answers: 400 }),
  'POST /api/password': to('billing key', { answers: 400 }),
  'POST /api/reinstall': to('billing key', { answers: 400 }),
  'GET /api/docs': to('anyone'),
  'GET /api/docs/openapi.json': to('anyone'),
  'GET /api/natlist': to('billing key', { answers: 400 }),
  'POST /api/addport': to('billing key', { answers: 400 }),
  'POST /api/delport': to('billing key', { answers: 400 }),
  'GET /api/nat/check': to('billing key', { answers: 400 }),
  'GET /api/traffic': to('billing key', { answers: 400 }),
  'POST /api/traffic/reset': to('billing key', { answers: 400 }),
  'GET /api/usage': to('billing key', { answers: 400 }),
  'POST /api/console/create-token': to('billing key', { answers: 400 }),
  'GET /api/cluster_tasks': to('billing key', { answers: 400 }),
  'GET /api/task/list': to('billing key', { answers: 400 }),
  'GET /api/details': to('billing key', { answers: 400 }),
  'GET /api/forcestop': to('billing key', { answers: 400 }),
  'POST /api/resize': to('billing key', { answers: 400 }),
  'POST /api/sso': to('billing key', { answers: 400 }),
  'GET /api/snapshots': to('billing key', { answers: 400 }),
  'POST /api/snapshots': to('billing key', { answers: 400 }),
  'POST /api/snapshots/restore': to('billing key', { answers: 400 }),
  'POST /api/snapshots/delete': to('billing key', { answers: 400 }),
  'GET /api/task_status': to('billing key', { answers: 400 }),
  'GET /api/ipv4/list': to('billing key', { answers: 400 }),
  'GET /api/ipv6/list': to('billing key', { answers: 400 }),
  'GET /api/proxy/list': to('billing key'),
  'POST /api/proxy/list': to('billing key'),
  'GET /api/proxy/check': to('billing key'),
  'POST /api/ipv4/add': to('billing key'),
  'POST /api/ipv4/delete': to('billing key'),
  'POST /api/ipv6/add': to('billing key'),
  'POST /api/ipv6/delete': to('billing key'),
  'POST /api/proxy/add': to('billing key'),
  'POST /api/proxy/delete': to('billing key'),

  'GET /organizations': to('person'),
  'GET /organizations/create': to('person'),
  'POST /organizations': to('person'),

  'DELETE /o/:organization': to('owner'),
  'GET /o/:organization/search': to('viewer'),
  'GET /o/:organization/settings': to('viewer'),
  'PUT /o/:organization/settings': to('admin'),
  'GET /o/:organization/quotas': to('viewer'),
  'GET /o/:organization/activity': to('admin'),
  'GET /o/:organization/activity/:id': to('admin', { id: 'event' }),
  'GET /o/:organization/members': to('viewer'),
  'DELETE /o/:organization/membership': to('viewer'),
  'PUT /o/:organization/members/:id': to('admin', { id: 'member', form: { role: 'operator' } }),
  'DELETE /o/:organization/members/:id': to('admin', { id: 'member' }),
  'POST /o/:organization/invitations': to('admin', {
    form: { email: 'somebody@example.com', role: 'viewer' },
  }),
  'POST /o/:organization/invitations/:id/deliveries': to('admin', { id: 'invitation' }),
  'DELETE /o/:organization/invitations/:id': to('admin', { id: 'invitation' }),
  'GET /o/:organization/billing-keys': to('admin'),
  'GET /o/:organization/billing-keys/create': to('admin'),
  'POST /o/:organization/billing-keys': to('admin', { form: { name: 'ZJMF', days: '0' } }),
  'DELETE /o/:organization/billing-keys/:id': to('admin', { id: 'billingKey' }),
  'POST /o/:organization/billing-keys/:id/rotations': to('admin', {
    id: 'billingKey',
    form: { overlap_hours: '24' },
  }),

  'GET /o/:organization': to('viewer'),
  'GET /o/:organization/instances': to('viewer'),
  'GET /o/:organization/instances/create': to('operator'),
  'POST /o/:organization/instances': to('operator'),
  'GET /o/:organization/instances/:id': to('viewer', { id: 'instance' }),
  'DELETE /o/:organization/instances/:id': to('admin', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/usage': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/usage/points': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/port-forwards': to('viewer', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/port-forwards': to('operator', {
    id: 'instance',
    form: { protocol: 'tcp', target_port: '22' },
  }),
  'DELETE /o/:organization/instances/:instance_id/port-forwards': to('operator', {
    id: 'instance',
    form: { forwards: 'fnobody' },
  }),
  'GET /o/:organization/instances/:instance_id/port-forwards/deletion': to('operator', {
    id: 'instance',
  }),
  'GET /o/:organization/instances/:instance_id/interfaces': to('viewer', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/interfaces': to('operator', {
    id: 'instance',
    form: { network: 'nowhere' },
  }),
  'DELETE /o/:organization/instances/:instance_id/interfaces/:id': to('operator', {
    id: 'interface',
  }),
  'GET /o/:organization/instances/:instance_id/interfaces/:id/deletion': to('operator', {
    id: 'interface',
  }),
  'GET /o/:organization/instances/:instance_id/snapshots': to('viewer', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/snapshots': to('operator', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'DELETE /o/:organization/instances/:instance_id/snapshots/:id': to('operator', {
    id: 'snapshot',
  }),
  'GET /o/:organization/instances/:instance_id/snapshots/:id/deletion': to('operator', {
    id: 'snapshot',
  }),
  'GET /o/:organization/instances/:instance_id/snapshots/:id/restoration': to('operator', {
    id: 'snapshot',
  }),
  'POST /o/:organization/instances/:instance_id/snapshots/:id/restoration': to('operator', {
    id: 'snapshot',
  }),
  'POST /o/:organization/instances/:instance_id/snapshot-schedules': to('operator', {
    id: 'instance',
  }),
  'DELETE /o/:organization/instances/:instance_id/snapshot-schedules/:id': to('operator', {
    id: 'copySchedule',
  }),
  'GET /o/:organization/backups': to('viewer'),
  'GET /o/:organization/instances/:instance_id/backups': to('viewer', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/backups': to('operator', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'DELETE /o/:organization/instances/:instance_id/backups/:id': to('admin', { id: 'backup' }),
  'GET /o/:organization/instances/:instance_id/backups/:id/deletion': to('admin', { id: 'backup' }),
  'GET /o/:organization/instances/:instance_id/backups/:id/download': to('operator', {
    id: 'backup',
    answers: 409,
  }),
  'GET /o/:organization/instances/:instance_id/backups/:id/restoration': to('operator', {
    id: 'backup',
  }),
  'POST /o/:organization/instances/:instance_id/backups/:id/restoration': to('operator', {
    id: 'backup',
  }),
  'POST /o/:organization/instances/:instance_id/backup-schedules': to('operator', {
    id: 'instance',
  }),
  'DELETE /o/:organization/instances/:instance_id/backup-schedules/:id': to('operator', {
    id: 'backupSchedule',
  }),
  'GET /o/:organization/instances/:instance_id/access': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/console': to('viewer', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/console/tickets': to('operator', {
    id: 'instance',
    form: { kind: 'shell' },
  }),
  'GET /o/:organization/instances/:instance_id/console/socket': to('operator', {
    id: 'instance',
    answers: 426,
  }),
  'POST /o/:organization/instances/:instance_id/password_resets': to('operator', {
    id: 'instance',
  }),
  'GET /o/:organization/instances/:instance_id/rescue': to('operator', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/rescue': to('operator', { id: 'instance' }),
  'PUT /o/:organization/instances/:instance_id/name': to('operator', {
    id: 'instance',
    form: { name: 'renamed-a' },
  }),
  'GET /o/:organization/instances/:instance_id/plan': to('admin', { id: 'instance' }),
  'PUT /o/:organization/instances/:instance_id/plan': to('admin', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/reinstallation': to('admin', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/reinstallation': to('admin', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/ssh-keys': to('operator', { id: 'instance' }),
  'DELETE /o/:organization/instances/:instance_id/ssh-keys': to('operator', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/transfer': to('admin', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/transfer': to('admin', { id: 'instance' }),
  'DELETE /o/:organization/instances/:instance_id/transfer': to('admin', { id: 'instance' }),
  'GET /o/:organization/transfers/:id': to('admin', { id: 'transfer' }),
  'DELETE /o/:organization/transfers/:id': to('admin', { id: 'transfer' }),
  'POST /o/:organization/transfers/:transfer_id/acceptance': to('admin', { id: 'transfer' }),
  'GET /o/:organization/instances/:instance_id/disks': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/tasks': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/tasks/:id': to('viewer', { id: 'clusterTask' }),
  'GET /o/:organization/instances/:instance_id/history': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/settings': to('viewer', { id: 'instance' }),
  'GET /o/:organization/instances/:instance_id/deletion': to('admin', { id: 'instance' }),
  'POST /o/:organization/instances/:instance_id/power_state': to('operator', {
    id: 'instance',
    form: { action: 'start' },
  }),
  'POST /o/:organization/instances/:instance_id/root_password': to('operator', { id: 'instance' }),
  'GET /o/:organization/events': to('viewer', { stream: true }),
  'GET /o/:organization/exports/:list': to('viewer', { id: 'list' }),
  'GET /o/:organization/notifications': to('viewer'),
  'PUT /o/:organization/notifications/:id': to('admin', { id: 'ownerMember' }),
  'GET /o/:organization/webhooks/create': to('admin'),
  'POST /o/:organization/webhooks': to('admin'),
  'GET /o/:organization/webhooks/:id': to('admin', { id: 'webhook' }),
  'PUT /o/:organization/webhooks/:id': to('admin', { id: 'webhook' }),
  'DELETE /o/:organization/webhooks/:id': to('admin', { id: 'webhook' }),
  'POST /o/:organization/webhooks/:webhook_id/pings': to('admin', { id: 'webhook' }),
  'POST /o/:organization/webhooks/:webhook_id/rotations': to('admin', { id: 'webhook' }),
  'POST /o/:organization/webhooks/:webhook_id/redeliveries': to('admin', { id: 'webhook' }),
  'GET /o/:organization/webhooks/:webhook_id/deliveries/:id': to('admin', { id: 'delivery' }),
  'POST /o/:organization/webhooks/:webhook_id/deliveries/:delivery_id/redeliveries': to('admin', {
    id: 'delivery',
  }),
  'GET /o/:organization/batches': to('viewer'),
  'GET /o/:organization/batches/create': to('operator', { answers: 422 }),
  'POST /o/:organization/batches': to('operator', { form: { deed: 'stop', confirmation: '1' } }),
  'GET /o/:organization/batches/:id': to('viewer', { id: 'batch' }),
  'POST /o/:organization/batches/:batch_id/cancellation': to('operator', { id: 'batch' }),
  'POST /o/:organization/batches/:batch_id/retries': to('operator', { id: 'batch' }),
  'GET /o/:organization/batches/deletions/create': to('admin', { answers: 422 }),
  'POST /o/:organization/batches/deletions': to('admin', { form: { confirmation: '1' } }),
  'GET /o/:organization/operations': to('viewer'),
  'GET /o/:organization/operations/:id': to('viewer', { id: 'operation' }),
  'GET /o/:organization/operations/:operation_id/events': to('viewer', {
    id: 'operation',
    stream: true,
  }),
  'POST /o/:organization/operations/:operation_id/cancellation': to('operator', {
    id: 'operation',
  }),
  'POST /o/:organization/operations/:operation_id/retry': to('operator', { id: 'operation' }),

  'GET /admin/search': to('staff viewer'),
  'GET /admin/events': to('staff viewer', { stream: true }),
  'GET /admin/instances': to('staff viewer'),
  'GET /admin/exports/:list': to('staff viewer', { id: 'list' }),
  'GET /admin/batches': to('staff viewer'),
  'GET /admin/batches/create': to('staff operator', { answers: 422 }),
  'POST /admin/batches': to('staff operator', { form: { deed: 'stop', confirmation: '1' } }),
  'GET /admin/batches/:id': to('staff viewer', { id: 'staffBatch' }),
  'POST /admin/batches/:batch_id/cancellation': to('staff operator', { id: 'staffBatch' }),
  'POST /admin/batches/:batch_id/retries': to('staff operator', { id: 'staffBatch' }),
  'GET /admin/batches/deletions/create': to('staff operator', { answers: 422 }),
  'POST /admin/batches/deletions': to('staff operator', { form: { confirmation: '1' } }),
  'GET /admin/instances/:id': to('staff viewer', { id: 'instance' }),
  'DELETE /admin/instances/:id': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/usage': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/usage/points': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/traffic_reset': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/port-forwards': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/port-forwards': to('staff operator', {
    id: 'instance',
    form: { protocol: 'tcp', target_port: '22' },
  }),
  'DELETE /admin/instances/:instance_id/port-forwards': to('staff operator', {
    id: 'instance',
    form: { forwards: 'fnobody' },
  }),
  'GET /admin/instances/:instance_id/port-forwards/deletion': to('staff operator', {
    id: 'instance',
  }),
  'GET /admin/instances/:instance_id/interfaces': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/interfaces': to('staff operator', {
    id: 'instance',
    form: { network: 'nowhere' },
  }),
  'DELETE /admin/instances/:instance_id/interfaces/:id': to('staff operator', {
    id: 'interface',
  }),
  'GET /admin/instances/:instance_id/interfaces/:id/deletion': to('staff operator', {
    id: 'interface',
  }),
  'GET /admin/instances/:instance_id/snapshots': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/snapshots': to('staff operator', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'DELETE /admin/instances/:instance_id/snapshots/:id': to('staff operator', { id: 'snapshot' }),
  'GET /admin/instances/:instance_id/snapshots/:id/deletion': to('staff operator', {
    id: 'snapshot',
  }),
  'GET /admin/instances/:instance_id/snapshots/:id/restoration': to('staff operator', {
    id: 'snapshot',
  }),
  'POST /admin/instances/:instance_id/snapshots/:id/restoration': to('staff operator', {
    id: 'snapshot',
  }),
  'POST /admin/instances/:instance_id/snapshot-schedules': to('staff operator', { id: 'instance' }),
  'DELETE /admin/instances/:instance_id/snapshot-schedules/:id': to('staff operator', {
    id: 'copySchedule',
  }),
  'GET /admin/backups': to('staff viewer'),
  'GET /admin/backups/:backup_id/deletion': to('staff operator', { id: 'backup' }),
  'DELETE /admin/backups/:id': to('staff operator', { id: 'backup' }),
  'GET /admin/instances/:instance_id/backups': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/backups': to('staff operator', {
    id: 'instance',
    form: { name: 'one' },
  }),
  'DELETE /admin/instances/:instance_id/backups/:id': to('staff operator', { id: 'backup' }),
  'GET /admin/instances/:instance_id/backups/:id/deletion': to('staff operator', { id: 'backup' }),
  'GET /admin/instances/:instance_id/backups/:id/download': to('staff operator', {
    id: 'backup',
    answers: 409,
  }),
  'GET /admin/instances/:instance_id/backups/:id/restoration': to('staff operator', {
    id: 'backup',
  }),
  'POST /admin/instances/:instance_id/backups/:id/restoration': to('staff operator', {
    id: 'backup',
  }),
  'POST /admin/instances/:instance_id/backup-schedules': to('staff operator', { id: 'instance' }),
  'DELETE /admin/instances/:instance_id/backup-schedules/:id': to('staff operator', {
    id: 'backupSchedule',
  }),
  'GET /admin/instances/:instance_id/access': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/console': to('staff viewer', { id: 'instance' }),
  'POST /admin/instances/:instance_id/console/tickets': to('staff operator', {
    id: 'instance',
    form: { kind: 'shell' },
  }),
  'GET /admin/instances/:instance_id/console/socket': to('staff operator', {
    id: 'instance',
    answers: 426,
  }),
  'POST /admin/instances/:instance_id/password_resets': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/suspensions': to('staff operator', {
    id: 'instance',
    form: { reason: 'abuse' },
  }),
  'DELETE /admin/instances/:instance_id/suspensions/:reason': to('staff operator', {
    id: 'instance',
  }),
  'GET /admin/instances/:instance_id/rescue': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/rescue': to('staff operator', { id: 'instance' }),
  'PUT /admin/instances/:instance_id/name': to('staff operator', {
    id: 'instance',
    form: { name: 'renamed-b' },
  }),
  'GET /admin/instances/:instance_id/move': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/move': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/plan': to('staff operator', { id: 'instance' }),
  'PUT /admin/instances/:instance_id/plan': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/reinstallation': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/reinstallation': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/ssh-keys': to('staff operator', { id: 'instance' }),
  'DELETE /admin/instances/:instance_id/ssh-keys': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/transfer': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/transfer': to('staff operator', { id: 'instance' }),
  'DELETE /admin/instances/:instance_id/transfer': to('staff operator', { id: 'instance' }),
  'GET /admin/instances/:instance_id/disks': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/tasks': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/tasks/:id': to('staff viewer', { id: 'clusterTask' }),
  'GET /admin/instances/:instance_id/history': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/settings': to('staff viewer', { id: 'instance' }),
  'GET /admin/instances/:instance_id/deletion': to('staff operator', { id: 'instance' }),
  'POST /admin/instances/:instance_id/power_state': to('staff operator', {
    id: 'instance',
    form: { action: 'start' },
  }),
  'POST /admin/instances/:instance_id/root_password': to('staff operator', { id: 'instance' }),
  'GET /admin/operations': to('staff viewer'),
  'GET /admin/operations/:id': to('staff viewer', { id: 'operation' }),
  'GET /admin/operations/:operation_id/events': to('staff viewer', {
    id: 'operation',
    stream: true,
  }),
  'POST /admin/operations/:operation_id/cancellation': to('staff operator', { id: 'operation' }),
  'POST /admin/operations/:operation_id/retry': to('staff operator', { id: 'operation' }),
  'POST /admin/operations/:operation_id/resumption': to('staff operator', { id: 'operation' }),
  'POST /admin/operations/:operation_id/abandonment': to('staff operator', { id: 'operation' }),
  'GET /admin/jobs': to('staff viewer'),
  'DELETE /admin/jobs/:queue/:id': to('staff operator', { answers: 404 }),
  'POST /admin/jobs/:queue/:id/retry': to('staff operator', { answers: 404 }),
  'GET /admin/audit': to('staff viewer'),
  'GET /admin/audit/:id': to('staff viewer', { id: 'platformEvent' }),
  'GET /admin/organizations': to('staff viewer'),
  'GET /admin/organizations/:id': to('staff viewer', { id: 'organization' }),
  'PUT /admin/organizations/:id/quotas': to('staff admin', { id: 'organization' }),
  'GET /admin/users': to('staff viewer'),
  'GET /admin/users/:id': to('staff viewer', { id: 'user' }),
  'POST /admin/users/:id/password-resets': to('staff operator', { id: 'user' }),
  'DELETE /admin/users/:id/sessions': to('staff operator', { id: 'user' }),
  'POST /admin/users/:id/disablement': to('staff operator', { id: 'user' }),
  'DELETE /admin/users/:id/disablement': to('staff operator', { id: 'user' }),
  'PUT /admin/users/:id/staff-role': to('staff admin', { id: 'user' }),

  'GET /admin': to('staff viewer'),
  'GET /admin/drift': to('staff viewer'),
  'GET /admin/drift/:id': to('staff viewer', { id: 'finding' }),
  'POST /admin/drift/:finding_id/adoption': to('staff admin', { id: 'finding' }),
  'POST /admin/drift/:finding_id/repair': to('staff operator', { id: 'finding' }),
  'POST /admin/drift/:finding_id/forgetting': to('staff operator', { id: 'finding' }),
  'DELETE /admin/drift/:finding_id/forgetting': to('staff operator', { id: 'finding' }),
  'POST /admin/drift/:finding_id/recreation': to('staff admin', { id: 'finding' }),
  'DELETE /admin/drift/:finding_id/instance': to('staff admin', { id: 'finding' }),
  'GET /admin/clusters/:cluster_id/drift': to('staff viewer', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/drift': to('staff operator', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/doctor': to('staff viewer', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/doctor': to('staff operator', { id: 'cluster' }),
  'GET /admin/clusters': to('staff viewer'),
  'GET /admin/clusters/create': to('staff admin'),
  'POST /admin/clusters': to('staff admin'),
  'GET /admin/clusters/:id': to('staff viewer', { id: 'cluster' }),
  'GET /admin/clusters/:id/edit': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:id': to('staff admin', { id: 'cluster' }),
  'DELETE /admin/clusters/:id': to('staff admin', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/identity': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/identity': to('staff admin', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/credentials': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/credentials': to('staff admin', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/certificate': to('staff admin', { id: 'cluster', answers: 404 }),
  'GET /admin/clusters/:cluster_id/trust': to('staff admin', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/trust': to('staff admin', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/tests': to('staff operator', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/move-in': to('staff admin', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/move-in': to('staff admin', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/placement': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/placement': to('staff admin', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/console-accounts': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/console-accounts': to('staff admin', { id: 'cluster' }),
  'DELETE /admin/clusters/:cluster_id/console-accounts': to('staff admin', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/closure': to('staff operator', { id: 'cluster' }),
  'DELETE /admin/clusters/:cluster_id/closure': to('staff operator', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/network_purposes': to('staff admin', {
    id: 'cluster',
    form: { network: 'lxdbr0' },
  }),
  'POST /admin/clusters/:cluster_id/syncs': to('staff operator', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/usage': to('staff viewer', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/usage/points': to('staff viewer', { id: 'cluster' }),
  'GET /admin/clusters/:cluster_id/nodes': to('staff viewer', { id: 'cluster' }),
  'POST /admin/nodes/:node_id/closure': to('staff operator', { id: 'node' }),
  'DELETE /admin/nodes/:node_id/closure': to('staff operator', { id: 'node' }),
  'GET /admin/images': to('staff viewer'),
  'PUT /admin/images/:id': to('staff admin', { id: 'image' }),
  'POST /admin/images/:image_id/offer': to('staff operator', { id: 'image' }),
  'DELETE /admin/images/:image_id/offer': to('staff operator', { id: 'image' }),
  'GET /admin/plans': to('staff viewer'),
  'GET /admin/plans/create': to('staff admin'),
  'POST /admin/plans': to('staff admin'),
  'GET /admin/plans/:id/edit': to('staff admin', { id: 'plan' }),
  'PUT /admin/plans/:id': to('staff admin', { id: 'plan' }),
  'DELETE /admin/plans/:id': to('staff admin', { id: 'plan' }),
  'POST /admin/plans/:plan_id/archive': to('staff admin', { id: 'plan' }),
  'DELETE /admin/plans/:plan_id/archive': to('staff admin', { id: 'plan' }),
  'GET /admin/port-forwards': to('staff viewer'),
  'GET /admin/port-pools': to('staff viewer'),
  'GET /admin/port-pools/create': to('staff admin'),
  'POST /admin/port-pools': to('staff admin'),
  'GET /admin/port-pools/:id': to('staff viewer', { id: 'portPool' }),
  'GET /admin/port-pools/:id/edit': to('staff admin', { id: 'portPool' }),
  'PUT /admin/port-pools/:id': to('staff admin', { id: 'portPool' }),
  'DELETE /admin/port-pools/:id': to('staff admin', { id: 'portPool' }),
  'POST /admin/port-pools/:port_pool_id/closure': to('staff operator', { id: 'portPool' }),
  'DELETE /admin/port-pools/:port_pool_id/closure': to('staff operator', { id: 'portPool' }),
  'GET /admin/port-pools/:port_pool_id/imports/create': to('staff admin', { id: 'portPool' }),
  'POST /admin/port-pools/:port_pool_id/imports': to('staff admin', { id: 'portPool' }),
  'GET /admin/clusters/:cluster_id/forwarder': to('staff admin', { id: 'cluster' }),
  'PUT /admin/clusters/:cluster_id/forwarder': to('staff admin', { id: 'cluster' }),
  'POST /admin/clusters/:cluster_id/forwarder/checks': to('staff operator', { id: 'cluster' }),
  'GET /admin/address-pools': to('staff viewer'),
  'GET /admin/address-pools/create': to('staff admin'),
  'POST /admin/address-pools': to('staff admin'),
  'GET /admin/address-pools/:id': to('staff viewer', { id: 'pool' }),
  'GET /admin/address-pools/:id/edit': to('staff admin', { id: 'pool' }),
  'PUT /admin/address-pools/:id': to('staff admin', { id: 'pool' }),
  'DELETE /admin/address-pools/:id': to('staff admin', { id: 'pool' }),
  'POST /admin/address-pools/:address_pool_id/closure': to('staff operator', { id: 'pool' }),
  'DELETE /admin/address-pools/:address_pool_id/closure': to('staff operator', { id: 'pool' }),
  'GET /admin/address-pools/:address_pool_id/imports/create': to('staff admin', { id: 'pool' }),
  'POST /admin/address-pools/:address_pool_id/imports': to('staff admin', { id: 'pool' }),

  'GET /admin/users/create': to('staff admin'),
  'POST /admin/users': to('staff admin'),
  'GET /admin/users/:id/edit': to('staff admin', { id: 'user' }),
  'PUT /admin/users/:id': to('staff admin', { id: 'user' }),
  'DELETE /admin/users/:id': to('staff admin', { id: 'user' }),

  'GET /license/users': to('machine'),
  'GET /license/instances': to('machine'),
  'POST /license/create_user': to('machine'),
  'PUT /license/update_user': to('machine'),
  'PUT /license/update_user_status': to('machine'),
  'DELETE /license/delete_users': to('machine'),
  'POST /license/add_instance': to('machine'),
  'PUT /license/update_instance': to('machine'),
  'DELETE /license/delete_instances': to('machine'),
  'POST /license/upload_hostinfo': to('machine'),
  'POST /license/download_license': to('machine'),
  'GET /license/static/license/:file': to('machine'),

  'GET /licensing/:file': to('anyone', { answers: 404 }),
  'GET /o/:organization/licenses': to('viewer'),
  'GET /o/:organization/licenses/:id': to('viewer', { id: 'license' }),
  'POST /o/:organization/licenses/:license_id/host_info': to('operator', { id: 'license' }),
  'POST /o/:organization/licenses/:license_id/documents': to('operator', { id: 'license' }),
  'GET /o/:organization/licenses/:license_id/documents/:id': to('viewer', {
    id: 'license',
    answers: 404,
  }),
  'GET /o/:organization/licenses/:license_id/documents/:document_id/exchange': to('viewer', {
    id: 'license',
    answers: 404,
  }),
  'POST /o/:organization/licenses/:license_id/token': to('admin', { id: 'license' }),
  'DELETE /o/:organization/licenses/:license_id/token': to('admin', { id: 'license' }),

  'GET /admin/licensed-products': to('staff viewer'),
  'GET /admin/licensed-products/create': to('staff admin'),
  'POST /admin/licensed-products': to('staff admin'),
  'GET /admin/licensed-products/:id/edit': to('staff admin', { answers: 404 }),
  'PUT /admin/licensed-products/:id': to('staff admin', { answers: 404 }),
  'POST /admin/licensed-products/:id/archive': to('staff admin', { answers: 404 }),
  'DELETE /admin/licensed-products/:id/archive': to('staff admin', { answers: 404 }),
  'GET /admin/licenses': to('staff viewer'),
  'GET /admin/licenses/create': to('staff admin'),
  'POST /admin/licenses': to('staff admin'),
  'GET /admin/licenses/imports/create': to('staff admin'),
  'POST /admin/licenses/imports': to('staff admin'),
  'GET /admin/licenses/:id': to('staff viewer', { id: 'license' }),
  'PUT /admin/licenses/:id': to('staff admin', { id: 'license' }),
  'DELETE /admin/licenses/:id': to('staff admin', { id: 'license' }),
  'POST /admin/licenses/:license_id/suspension': to('staff operator', { id: 'license' }),
  'DELETE /admin/licenses/:license_id/suspension': to('staff operator', { id: 'license' }),
  'POST /admin/licenses/:license_id/renewal': to('staff admin', { id: 'license' }),
  'POST /admin/licenses/:license_id/reopening': to('staff admin', { id: 'license' }),
  'POST /admin/licenses/:license_id/revocation': to('staff admin', { id: 'license' }),
  'POST /admin/host-infos/:upload_id/approval': to('staff operator', { answers: 404 }),
  'DELETE /admin/host-infos/:upload_id/approval': to('staff operator', { answers: 404 }),
  'GET /admin/license-ledger': to('staff viewer'),
  'GET /admin/signing-keys': to('staff viewer'),
  'GET /admin/signing-keys/create': to('staff admin'),
  'POST /admin/signing-keys': to('staff admin'),
  'POST /admin/signing-keys/:key_id/requests': to('staff admin', { answers: 404 }),
  'DELETE /admin/signing-keys/requests/:id': to('staff admin', { answers: 404 }),
  'POST /admin/signing-keys/requests/:id/approval': to('staff admin', { answers: 404 }),
  'POST /admin/signing-keys/requests/:id/export': to('staff admin', { answers: 404 }),

  'POST /api/v1/licensing/validations': to('machine'),
  'POST /api/v1/licensing/activations': to('machine'),
  'DELETE /api/v1/licensing/activations/:id': to('machine'),
  'POST /api/v1/licensing/activations/:id/heartbeats': to('machine'),
  'POST /api/v1/licensing/host_info': to('machine'),
  'GET /api/v1/licensing/document': to('machine'),
}
