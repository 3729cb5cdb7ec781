import type { HttpContext } from '@adonisjs/core/http'
import { KeyUnfit } from '#exceptions/domain_error'
import KeyApproval from '#models/key_approval'
import SigningKey from '#models/signing_key'
import StaffPolicy from '#policies/staff_policy'
import { keyRow, approvalRow } from '#transformers/signing_key'
import { newSigningKeyValidator } from '#validators/license'

const LIST = '/admin/signing-keys'

export default class SigningKeysController {
  async index({ bouncer, auth, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const [keys, approvals] = [await SigningKey.inOrder(), await KeyApproval.open()]
    return view.render('pages/admin/signing_keys/index', {
      keys: keys.map(keyRow),
      approvals: approvals.map((approval) => approvalRow(approval, auth.getUserOrFail())),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    return view.render('pages/admin/signing_keys/create')
  }

  async store({ bouncer, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const typed = await request.validateUsing(newSigningKeyValidator)
    const by = auth.getUserOrFail()
    switch (typed.source) {
      case 'generate':
        await SigningKey.generate(typed.algorithm ?? 'RSA-PSS-SHA256', typed.bits ?? 3072, by)
        break
      case 'check_codes':
        await (typed.private_key
          ? SigningKey.import(
              Buffer.from(typed.private_key),
              typed.passphrase ?? null,
              'check_codes',
              by
            )
          : SigningKey.generateForCheckCodes(by))
        break
      case 'import':
        await SigningKey.import(
          Buffer.from(typed.private_key ?? ''),
          typed.passphrase ?? null,
          'documents',
          by
        )
        break
      case 'external':
        if (!typed.signer_url) throw new KeyUnfit()
        await SigningKey.addExternal(typed.public_key ?? '', typed.signer_url, by)
        break
      default: {
        const never: never = typed.source
        return never
      }
    }
    return response.redirect().toPath(LIST)
  }
}
