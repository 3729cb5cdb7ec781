import { createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import db from '@adonisjs/lucid/services/db'
import Notice from '#models/notice'
import type Organization from '#models/organization'
import type User from '#models/user'
import Webhook from '#models/webhook'
import WebhookDelivery from '#models/webhook_delivery'
import { WebhookRound } from '#models/webhook_round'
import { Tenant } from '#models/concerns/tenant'
import { NOTICE_KINDS, type NoticeKind } from '#models/types'
import type { TestTenant } from '#tests/support/world'

export type Received = { headers: Record<string, string>; body: string }

/** What the worker does every few seconds. */
export const dispatch = () => Tenant.system('test', () => Notice.dispatchAll())
export const send = () =>
  Tenant.system('test', () => WebhookRound.run(new AbortController().signal))

export async function noticeTypes(organization?: Organization): Promise<string[]> {
  const notices = await db
    .from('notices')
    .if(organization, (some) => some.where('organization_id', organization!.id))
    .orderBy('id')
  return notices.map(({ type }) => type)
}

/** Waits for pauses between attempts only on paper. */
export const makeDue = () =>
  db.from('webhook_deliveries').where('state', 'waiting').update({ due_at: Date.now() })

/** With its secret. */
export function endpoint(
  { inside, organization, owner }: TestTenant,
  url: string,
  kinds: NoticeKind[] = [...NOTICE_KINDS]
) {
  return inside(() => Webhook.add(organization, { url, kinds }, owner))
}

/** An endpoint with something to send, for whom pages are shown. Call it inside the organization. */
export async function deliveryOf(organization: Organization, by: User) {
  const url = 'https://hooks.example.com/portico'
  const { webhook } = await Webhook.add(organization, { url, kinds: ['failed'] }, by)
  await webhook.ping()
  await dispatch()
  const delivery = await WebhookDelivery.query().where('webhook_id', webhook.id).firstOrFail()
  return { webhook, delivery }
}

/** As docs/guides/webhooks.md tells a receiver to do it. */
export function signed(secret: string, { headers, body }: Received): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

type Cleanup = (work: () => void) => void
/** null: no answer at all. */
type Answer = number | null

/** A program of the customer's; it closes with the test. */
export async function listener(
  cleanup: Cleanup,
  answer: (request: Received) => Answer | Promise<Answer> = () => 204,
  headers: Record<string, string> = {}
) {
  const received: Received[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { headers: request.headers as Record<string, string>, body }
    received.push(one)
    const status = await answer(one)
    if (status !== null) response.writeHead(status, headers).end()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  cleanup(() => {
    server.closeAllConnections()
    server.close()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` }
}
