import { DateTime } from 'luxon'
import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'
import type { NoticeType } from '#models/types'

type Told = { type: NoticeType; data: Record<string, string | number | null> }
type Reader = MailReader & { timeZone: string }

/** Something happened in an organization, told to a member who wants to know. */
export default class NoticeMail extends PorticoMail {
  constructor(
    private readonly member: Reader,
    private readonly notice: Told,
    private readonly organization: { name: string; slug: string }
  ) {
    super(member)
  }

  protected content(t: Translate): MailContent {
    const key = `mails.told.${this.notice.type.replace('.', '_')}`
    const values = this.values(t)
    return {
      subject: t(`${key}.subject`, values),
      paragraphs: [t(`${key}.text`, values)],
      facts: this.facts(t),
      action: { label: t('mails.told.action'), url: this.address() },
      notes: [t('mails.told.choose', { url: `${this.home}/notifications` })],
    }
  }

  /** What its words speak of, in the reader's language. */
  private values(t: Translate): Record<string, string | number> {
    const { data } = this.notice
    const values: Record<string, string | number> = {}
    for (const [name, value] of Object.entries(data)) values[name] = value ?? ''
    if (data.reason) values.reason = t(`instances.suspension.reasons.${data.reason}`)
    if (data.resource) values.resource = t(`quotas.${data.resource}`)
    if (data.deed) values.deed = t(`operations.type.${String(data.deed).replaceAll('.', '_')}`)
    return values
  }

  private facts(t: Translate): MailContent['facts'] {
    const { error, until, organization } = this.notice.data
    return [
      {
        label: t('mails.told.organization'),
        value: String(organization ?? this.organization.name),
      },
      ...(error ? [{ label: t('mails.told.cause'), value: t(`operations.error.${error}`) }] : []),
      ...(until ? [{ label: t('mails.told.until'), value: this.moment(String(until)) }] : []),
    ]
  }

  private moment(iso: string): string {
    return DateTime.fromISO(iso, { zone: this.member.timeZone }).toFormat('yyyy-MM-dd HH:mm ZZZZ')
  }

  /** Where one reads more or decides. */
  private address(): string {
    const { type, data } = this.notice
    // What waits for the provider is decided among the staff's pages.
    if (data.organization) return `${appUrl}/admin/operations/${data.operation}`
    if (data.operation) return `${this.home}/operations/${data.operation}`
    if (data.transfer) return `${this.home}/transfers/${data.transfer}`
    if (data.instance) return `${this.home}/instances/${data.instance}`
    if (data.webhook) return `${this.home}/webhooks/${data.webhook}`
    if (type === 'billing_key.expiring') return `${this.home}/billing-keys`
    return `${this.home}/${data.resource ? 'quotas' : 'instances'}`
  }

  private get home(): string {
    return `${appUrl}/o/${this.organization.slug}`
  }
}
