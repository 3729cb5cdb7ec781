import type { HttpContext } from '@adonisjs/core/http'
import LicenseLedger from '#models/license_ledger'
import RevocationList from '#models/revocation_list'
import StaffPolicy from '#policies/staff_policy'
import { ListLinks } from '#transformers/list_links'
import { searchOf } from '#validators/list'

const LIST = '/admin/license-ledger'

/** Every document that was issued, and what is revoked. */
export default class LicenseLedgerController {
  async index({ bouncer, request, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('read')
    const { cursor } = searchOf(request.qs())
    const page = await LicenseLedger.list({ license: null, cursor, size: 50 })
    const list = await RevocationList.latest()
    return view.render('pages/admin/license_ledger/index', {
      rows: page.rows.map((row) => row.serialize()),
      around: new ListLinks(LIST).around(page),
      revocations: list && {
        number: list.number,
        serials: list.facts.serials.length,
        keys: list.facts.keys.length,
        thisUpdate: list.thisUpdate,
        nextUpdate: list.nextUpdate,
      },
    })
  }
}
