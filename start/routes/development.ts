import router from '@adonisjs/core/services/router'
import app from '@adonisjs/core/services/app'
import { controllers } from '#generated/controllers'
import { appUrl } from '#config/app'
import { mailsLandInFiles } from '#config/mail'
import { isLocalName } from '#middleware/local_only_middleware'
import { middleware } from '#start/kernel'

/*
| Mails hold one-time links: who reads them can enter any account. The page is there only while no mail is
| really sent, in production only if Portico is addressed as this machine, and then only for a browser on it.
*/
const isAddressedLocally = isLocalName(new URL(appUrl).hostname)

if (mailsLandInFiles && (!app.inProduction || isAddressedLocally)) {
  router
    .group(() => {
      router.get('/mail', [controllers.development.Mails, 'index'])
      router.get('/mail/:id', [controllers.development.Mails, 'show'])
    })
    .prefix('/development')
    .as('development')
    .use([middleware.localOnly(), middleware.private()])
}
