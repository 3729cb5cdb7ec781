import type { HttpContext } from '@adonisjs/core/http'
import { NotSupported } from '#exceptions/domain_error'
import { envelope } from '#transformers/api/billing/envelope'

/**
 * Sites by their name, and addresses by hand: what the second generation of the plugin has tabs for and Portico
 * does not carry. Lists are empty; whoever wants one is told so, and nothing looks as if it had been done.
 */
export default class ProxiesController {
  index({ i18n }: HttpContext) {
    return envelope(i18n.t('billing.read'), [])
  }

  show({ i18n }: HttpContext) {
    const reason = i18n.t('errors.E_NOT_SUPPORTED')
    return envelope(i18n.t('billing.read'), { available: false, reason })
  }

  store() {
    throw new NotSupported()
  }
}
