import type { HttpContext } from '@adonisjs/core/http'
import { openApi } from '#reference/openapi'
import { apiReference } from '#transformers/api_reference'

/** All routes that programs call: to read, and for tools. */
export default class DocumentsController {
  show({ view, i18n }: HttpContext) {
    return view.render('pages/api/docs', { reference: apiReference(i18n) })
  }

  openapi({ i18n }: HttpContext) {
    return openApi(i18n)
  }
}
