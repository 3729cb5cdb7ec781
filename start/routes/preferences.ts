import router from '@adonisjs/core/services/router'
import { controllers } from '#generated/controllers'

/** Works signed out too. */
router.post('/preferences', [controllers.Preferences, 'store'])
