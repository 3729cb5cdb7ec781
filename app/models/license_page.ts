import Activation from '#models/activation'
import HostInfoUpload from '#models/host_info_upload'
import type License from '#models/license'
import LicenseDocument from '#models/license_document'
import { standingsOf } from '#models/license_standing'
import Operation from '#models/operation'

const SHOWN = 20

/** What the page of a licence tells, for its holder and for staff. */
export async function licenseForPage(license: License) {
  await license.load((relation) =>
    relation.load('product').load('organization').load('entitlements')
  )
  const asked = [{ id: license.id, expires_at: license.expiresAt.toJSDate() }]
  const standings = await standingsOf(asked)
  const document = await LicenseDocument.currentOf(license)
  return {
    license,
    standing: standings.get(license.id)!,
    document,
    isIntact: document === null || document.isIntact(await LicenseDocument.ring()),
    activation: await Activation.latestOf(license),
    operation: await Operation.query()
      .where('license_id', license.id)
      .whereNotNull('open_on')
      .first(),
    uploads: await HostInfoUpload.query()
      .where('license_id', license.id)
      .preload('uploadedBy')
      .orderBy('id', 'desc')
      .limit(SHOWN),
    documents: await LicenseDocument.query()
      .where('license_id', license.id)
      .preload('signingKey')
      .orderBy('id', 'desc')
      .limit(SHOWN),
  }
}
