/* `mail.sendLater` hands mails to the queue instead of keeping them in this process. */
import mail from '@adonisjs/mail/services/main'
import { postLater } from '#services/post'

mail.setMessenger(() => ({ queue: postLater }))
