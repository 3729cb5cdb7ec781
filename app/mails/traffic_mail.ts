import type { DateTime } from 'luxon'
import { appUrl } from '#config/app'
import { PorticoMail, type MailContent, type MailReader, type Translate } from '#mails/portico_mail'
import type { TrafficAction } from '#models/types'

export type TrafficNews = 'near' | 'exceeded'

type Measured = {
  usedBytes: number
  allowedGib: number | null
  action: TrafficAction
  throttleMbps: number
}

const GIB = 2 ** 30

/** To those who decide for an organization: an instance comes to the end of its month's traffic, or is there. */
export default class TrafficMail extends PorticoMail {
  constructor(
    reader: MailReader,
    private readonly news: TrafficNews,
    private readonly instance: { name: string; uid: string },
    private readonly organization: { name: string; slug: string },
    private readonly measured: Measured,
    private readonly until: DateTime
  ) {
    super(reader)
  }

  protected content(t: Translate): MailContent {
    const { usedBytes, allowedGib, action, throttleMbps } = this.measured
    const allowed = allowedGib ?? 0
    const percent = Math.floor((usedBytes / (allowed * GIB)) * 100)
    const names = { name: this.instance.name, percent }
    return {
      subject: t(`mails.traffic.${this.news}_subject`, names),
      paragraphs: [
        t(`mails.traffic.${this.news}_text`, names),
        t(`mails.traffic.${this.news}_${action}`, { mbps: throttleMbps }),
      ],
      facts: [
        { label: t('mails.traffic.organization'), value: this.organization.name },
        {
          label: t('mails.traffic.used'),
          value: t('mails.traffic.of', { used: Math.round((usedBytes / GIB) * 10) / 10, allowed }),
        },
        { label: t('mails.traffic.until'), value: this.until.toFormat('yyyy-MM-dd HH:mm ZZZZ') },
      ],
      action: {
        label: t('mails.traffic.action'),
        url: `${appUrl}/o/${this.organization.slug}/instances/${this.instance.uid}/usage`,
      },
    }
  }
}
