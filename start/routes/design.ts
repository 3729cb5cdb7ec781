import router from '@adonisjs/core/services/router'
import app from '@adonisjs/core/services/app'
import { controllers } from '#generated/controllers'
import { middleware } from '#start/kernel'

/** Every component in every state: for staff, and for whoever builds Portico. */
const page = router.get('/design', [controllers.Design, 'show'])
if (app.inProduction) page.use([middleware.auth(), middleware.staff()])
