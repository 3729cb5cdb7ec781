import * as is from '#reference/answers'
import { asked, PAGING, query, type Endpoint } from '#reference/endpoint'
import { oneOf, type JsonSchema } from '#reference/schema'
import { BATCH_VIEWS } from '#models/batch_list'
import { sentProfileValidator } from '#validators/account'
import { orderBatchValidator } from '#validators/batch'
import { acceptTransferValidator } from '#validators/instance'
import { createInvitationValidator } from '#validators/invitation'
import { updateMembershipValidator } from '#validators/membership'
import { chosenNoticesValidator, ownMailsValidator } from '#validators/notice'
import { createOrganizationValidator, updateOrganizationValidator } from '#validators/organization'

const OWN = '/api/v1'
const HOME = `${OWN}/organizations/:organization` as const

type Facts = Pick<Endpoint, 'id' | 'route' | 'tag'> & Partial<Endpoint>

const lists = (facts: Facts, row: JsonSchema): Endpoint => ({
  door: 'token',
  query: query(PAGING),
  status: 200,
  answer: is.page(row),
  ...facts,
})

const tells = (facts: Facts, answer: JsonSchema): Endpoint => ({
  door: 'token',
  status: 200,
  answer: is.data(answer),
  ...facts,
})

/** What comes into being. */
const makes = (facts: Facts, answer: JsonSchema): Endpoint => ({
  ...tells(facts, answer),
  status: 201,
})

/** Done, and nothing to tell. */
const ends = (facts: Facts): Endpoint => ({ door: 'token', status: 204, answer: null, ...facts })

/** What goes on for a while. */
const begins = (facts: Facts, answer: JsonSchema): Endpoint => ({
  ...tells(facts, answer),
  status: 202,
})

/** People, and what belongs to an organization as a whole. */
export const v1Organization: Endpoint[] = [
  tells(
    {
      id: 'change_profile',
      route: `PUT ${OWN}/profile`,
      tag: 'account',
      body: asked(sentProfileValidator),
    },
    is.me
  ),
  tells({ id: 'show_own_mails', route: `GET ${OWN}/notifications`, tag: 'account' }, is.ownMails),
  tells(
    {
      id: 'choose_own_mails',
      route: `PUT ${OWN}/notifications`,
      tag: 'account',
      body: asked(ownMailsValidator),
    },
    is.ownMails
  ),
  lists({ id: 'list_sessions', route: `GET ${OWN}/sessions`, tag: 'account' }, is.session),
  ends({ id: 'end_session', route: `DELETE ${OWN}/sessions/:id`, tag: 'account' }),
  ends({ id: 'end_sessions', route: `DELETE ${OWN}/sessions`, tag: 'account' }),
  lists({ id: 'list_tokens', route: `GET ${OWN}/tokens`, tag: 'account' }, is.token),
  ends({ id: 'revoke_token', route: `DELETE ${OWN}/tokens/:id`, tag: 'account' }),
  lists(
    { id: 'list_own_invitations', route: `GET ${OWN}/invitations`, tag: 'account' },
    is.openInvitation
  ),
  tells(
    {
      id: 'accept_invitation',
      route: `POST ${OWN}/invitations/:invitation_id/acceptance`,
      tag: 'account',
    },
    is.organization
  ),

  lists(
    { id: 'list_organizations', route: `GET ${OWN}/organizations`, tag: 'organization' },
    is.organizationRow
  ),
  makes(
    {
      id: 'found_organization',
      route: `POST ${OWN}/organizations`,
      tag: 'organization',
      body: asked(createOrganizationValidator),
    },
    is.organization
  ),
  tells({ id: 'show_organization', route: `GET ${HOME}`, tag: 'organization' }, is.organization),
  tells(
    {
      id: 'change_organization',
      route: `PUT ${HOME}`,
      tag: 'organization',
      body: asked(updateOrganizationValidator),
    },
    is.organization
  ),
  ends({ id: 'dissolve_organization', route: `DELETE ${HOME}`, tag: 'organization' }),
  lists({ id: 'list_members', route: `GET ${HOME}/members`, tag: 'organization' }, is.member),
  tells(
    {
      id: 'change_role',
      route: `PUT ${HOME}/members/:id`,
      tag: 'organization',
      body: asked(updateMembershipValidator),
    },
    is.member
  ),
  ends({ id: 'remove_member', route: `DELETE ${HOME}/members/:id`, tag: 'organization' }),
  ends({ id: 'leave_organization', route: `DELETE ${HOME}/membership`, tag: 'organization' }),
  lists(
    { id: 'list_invitations', route: `GET ${HOME}/invitations`, tag: 'organization' },
    is.invitation
  ),
  makes(
    {
      id: 'invite',
      route: `POST ${HOME}/invitations`,
      tag: 'organization',
      body: asked(createInvitationValidator),
    },
    is.invitation
  ),
  makes(
    {
      id: 'send_invitation_again',
      route: `POST ${HOME}/invitations/:invitation_id/deliveries`,
      tag: 'organization',
    },
    is.invitation
  ),
  ends({ id: 'revoke_invitation', route: `DELETE ${HOME}/invitations/:id`, tag: 'organization' }),
  lists({ id: 'list_mails', route: `GET ${HOME}/notifications`, tag: 'organization' }, is.notices),
  tells(
    {
      id: 'choose_mails',
      route: `PUT ${HOME}/notifications/:id`,
      tag: 'organization',
      body: asked(chosenNoticesValidator),
    },
    is.notices
  ),
  lists(
    { id: 'list_billing_keys', route: `GET ${HOME}/billing_keys`, tag: 'organization' },
    is.billingKey
  ),
  ends({ id: 'revoke_billing_key', route: `DELETE ${HOME}/billing_keys/:id`, tag: 'organization' }),

  lists(
    { id: 'list_transfers', route: `GET ${HOME}/transfers`, tag: 'instances' },
    is.offeredInstance
  ),
  tells(
    { id: 'show_offered_instance', route: `GET ${HOME}/transfers/:id`, tag: 'instances' },
    is.offeredInstance
  ),
  tells(
    {
      id: 'accept_instance',
      route: `POST ${HOME}/transfers/:transfer_id/acceptance`,
      tag: 'instances',
      body: asked(acceptTransferValidator),
    },
    is.instance
  ),
  ends({ id: 'decline_instance', route: `DELETE ${HOME}/transfers/:id`, tag: 'instances' }),

  lists({ id: 'list_batches', route: `GET ${HOME}/batches`, tag: 'operations' }, is.batchRow),
  begins(
    {
      id: 'order_batch',
      route: `POST ${HOME}/batches`,
      tag: 'operations',
      body: asked(orderBatchValidator),
    },
    is.orderedBatch
  ),
  tells({ id: 'show_batch', route: `GET ${HOME}/batches/:id`, tag: 'operations' }, is.batch),
  lists(
    {
      id: 'list_batch_items',
      route: `GET ${HOME}/batches/:batch_id/items`,
      tag: 'operations',
      query: query({ show: oneOf(BATCH_VIEWS), ...PAGING }),
    },
    is.batchItem
  ),
  begins(
    {
      id: 'cancel_batch',
      route: `POST ${HOME}/batches/:batch_id/cancellation`,
      tag: 'operations',
    },
    is.batch
  ),
  begins(
    { id: 'retry_batch', route: `POST ${HOME}/batches/:batch_id/retries`, tag: 'operations' },
    is.batch
  ),
]
