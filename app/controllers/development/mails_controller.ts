import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import { keptMails, openMail } from '#services/mail_folder'

/** Without a mail server, the mailbox of everybody; see docs/adr/0018. */
export default class MailsController {
  async index({ view }: HttpContext) {
    return view.render('pages/development/mails/index', { mails: await keptMails() })
  }

  async show({ params, view }: HttpContext) {
    const mail = await openMail(params.id)
    if (!mail) throw new NotFound()
    const links = [...new Set(mail.text.match(/https?:\/\/\S+\/\S+/g) ?? [])]
    return view.render('pages/development/mails/show', { mail, links })
  }
}
