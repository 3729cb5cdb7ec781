import type { ApiResponse } from '@japa/api-client'
import ApiToken from '#models/api_token'
import Invitation from '#models/invitation'
import UserSession from '#models/user_session'
import { issueBillingKey } from '#tests/support/billing'
import { world } from '#tests/support/world'

type Ask = (route: string, path: string, sent?: { json?: object }) => Promise<ApiResponse>
type Asker = (headers: Record<string, string>) => Ask
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const PATTERN = '/api/v1/organizations/:organization'

/** Asks every route about people and about an organization as a whole, and those that hand an instance over. */
export async function askPeople(asker: Asker): Promise<void> {
  const { acme, globex } = await world()
  const asTo = async (tenant: typeof acme) => {
    const token = await ApiToken.create(tenant.owner, { name: 'robot', days: 1 })
    const ask = asker({ authorization: `Bearer ${token}` })
    const home = PATTERN.replace(':organization', tenant.organization.slug)
    const inside = (method: Method, path: string, real = path, json?: object) =>
      ask(`${method} ${PATTERN}${path}`, `${home}${real}`, { json })
    return { ask, inside }
  }
  const { ask, inside } = await asTo(acme)
  const own = (method: Method, path: string, json?: object, real = path) =>
    ask(`${method} /api/v1${path}`, `/api/v1${real}`, { json })
  const first = (response: ApiResponse) => response.body().data[0]

  await own('PUT', '/profile', { full_name: 'Ada Lovelace', locale: 'en', time_zone: 'UTC' })
  await own('GET', '/notifications')
  await own('PUT', '/notifications', { token_mails: true })
  await UserSession.open(acme.owner, { method: 'password' })
  await UserSession.open(acme.owner, { method: 'password' })
  const session = first(await own('GET', '/sessions'))
  await own('DELETE', '/sessions/:id', undefined, `/sessions/${session.uid}`)
  await own('DELETE', '/sessions')
  await ApiToken.create(acme.owner, { name: 'old robot', days: 7, scopes: ['read'] })
  const tokens = await own('GET', '/tokens')
  const old = tokens.body().data.find(({ name }: { name: string }) => name === 'old robot')
  await own('DELETE', '/tokens/:id', undefined, `/tokens/${old.uid}`)

  await membership()
  await organizations()
  await mails()
  await keys()
  await handOver()

  async function membership() {
    const order = { email: acme.owner.email, role: 'viewer' as const, invitedBy: globex.owner }
    await globex.inside(() => Invitation.invite(globex.organization, order))
    const { uid } = first(await own('GET', '/invitations'))
    const path = '/invitations/:invitation_id/acceptance'
    await own('POST', path, undefined, `/invitations/${uid}/acceptance`)
    await ask(
      `DELETE ${PATTERN}/membership`,
      `/api/v1/organizations/${globex.organization.slug}/membership`
    )
    const members = await inside('GET', '/members')
    const { uid: member } = members
      .body()
      .data.find(({ email }: { email: string }) => email === acme.viewer.email)
    await inside('PUT', '/members/:id', `/members/${member}`, { role: 'operator' })
    await inside('DELETE', '/members/:id', `/members/${member}`)
    const wish = { email: 'grace@example.com', role: 'operator' }
    const invited = await inside('POST', '/invitations', '/invitations', wish)
    const invitation = `/invitations/${invited.body().data.uid}`
    await inside('GET', '/invitations')
    await inside('POST', '/invitations/:invitation_id/deliveries', `${invitation}/deliveries`)
    await inside('DELETE', '/invitations/:id', invitation)
  }

  async function organizations() {
    await own('GET', '/organizations')
    const founded = await own('POST', '/organizations', { name: 'Wayne Hosting' })
    const address = (slug: string) => `/api/v1/organizations/${slug}`
    await ask(`GET ${PATTERN}`, address(founded.body().data.slug))
    const change = { name: 'Wayne Hosting', slug: 'wayne' }
    await ask(`PUT ${PATTERN}`, address(founded.body().data.slug), { json: change })
    await ask(`DELETE ${PATTERN}`, address('wayne'))
  }

  async function mails() {
    const { member } = first(await inside('GET', '/notifications'))
    await inside('PUT', '/notifications/:id', `/notifications/${member}`, { kinds: ['transfer'] })
  }

  async function keys() {
    await issueBillingKey(acme)
    const { uid } = first(await inside('GET', '/billing_keys'))
    await inside('DELETE', '/billing_keys/:id', `/billing_keys/${uid}`)
  }

  async function handOver() {
    const { inside: there } = await asTo(globex)
    const { uid } = await acme.instance('web-1')
    const [path, real] = ['/instances/:instance_id/transfer', `/instances/${uid}/transfer`]
    const offer = () => inside('POST', path, real, { organization: globex.organization.slug })
    await offer()
    await inside('GET', path, real)
    await inside('DELETE', path, real)
    const { uid: declined } = (await offer()).body().data
    await there('GET', '/transfers')
    await there('GET', '/transfers/:id', `/transfers/${declined}`)
    await there('DELETE', '/transfers/:id', `/transfers/${declined}`)
    const { uid: accepted } = (await offer()).body().data
    const acceptance = '/transfers/:transfer_id/acceptance'
    await there('POST', acceptance, `/transfers/${accepted}/acceptance`, { name: 'web-9' })
  }
}
