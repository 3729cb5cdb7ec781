import type { HttpContext } from '@adonisjs/core/http'
import { uploadedText } from '#controllers/uploaded_text'
import SshKey from '#models/ssh_key'
import { sshKeyItem } from '#transformers/ssh_key'
import { keepKeysValidator, LARGEST_KEY_FILE } from '#validators/ssh_key'

/** Public keys that a person keeps, to choose among them for instances. */
export default class SshKeysController {
  async index({ auth, view }: HttpContext) {
    const keys = await SshKey.ofUser(auth.use('web').getUserOrFail())
    return view.render('pages/account/ssh_keys/index', { keys: keys.map(sshKeyItem) })
  }

  async create({ view }: HttpContext) {
    return view.render('pages/account/ssh_keys/create')
  }

  async store({ auth, request, response, session, i18n }: HttpContext) {
    const file = (await uploadedText(request, 'file', LARGEST_KEY_FILE)) || null
    const wish = await request.validateUsing(keepKeysValidator, {
      data: { ...request.only(['ssh_keys']), file },
    })
    const lines = [...(wish.ssh_keys ?? []), ...(wish.file ?? [])]
    const kept = await SshKey.keep(auth.use('web').getUserOrFail(), lines)
    const message = i18n.t('account.ssh_keys_kept', { count: kept.length })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath('/account/ssh-keys')
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const key = await SshKey.of(user, params.id)
    await key.remove(user)
    session.flash('notice', { kind: 'success', message: i18n.t('account.ssh_key_removed') })
    return response.redirect().toPath('/account/ssh-keys')
  }
}
