import type { HttpContext } from '@adonisjs/core/http'
import RecoveryCode from '#models/recovery_code'
import { passkeysWork } from '#services/webauthn'

/** What opens this account: password, authenticator app, passkeys, recovery codes. */
export default class SecurityController {
  async show({ auth, view }: HttpContext) {
    const user = auth.use('web').getUserOrFail()
    const passkeys = await user.related('passkeys').query().orderBy('id')
    return view.render('pages/account/security/show', {
      user,
      passkeys,
      passkeysWork,
      hasSecondFactor: user.authenticator.isOn || passkeys.length > 0,
      codesLeft: await RecoveryCode.leftOf(user),
    })
  }
}
