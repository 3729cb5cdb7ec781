import { DateTime } from 'luxon'
import type { HttpContext } from '@adonisjs/core/http'
import HostInfoUpload from '#models/host_info_upload'
import License, { type LicenseLimits } from '#models/license'
import { listLicenses } from '#models/license_list'
import { licenseForPage } from '#models/license_page'
import LicensedProduct from '#models/licensed_product'
import Organization from '#models/organization'
import StaffPolicy from '#policies/staff_policy'
import { licenseListPage, licensePage, uploadRow } from '#transformers/license'
import { confirmationValidator } from '#validators/confirmation'
import { entitlementsIn } from '#validators/entitlement_lines'
import {
  licenseGrantValidator,
  licenseLimitsValidator,
  licenseListRequest,
} from '#validators/license'

const LIST = '/admin/licenses'

export default class LicensesController {
  async index({ bouncer, request, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const asked = licenseListRequest(request.qs())
    const waiting = await HostInfoUpload.waiting()
    return view.render('pages/admin/licenses/index', {
      list: licenseListPage(LIST, await listLicenses(null, asked), asked),
      waiting: waiting.map((upload) => ({
        ...uploadRow(upload),
        license: upload.license.name,
        path: `${LIST}/${upload.license.uid}`,
        organization: upload.license.organization.name,
      })),
      can: { configure: await policy.allows('configure') },
    })
  }

  async create({ bouncer, view }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const products = await LicensedProduct.offered()
    return view.render('pages/admin/licenses/create', {
      products: products.map(({ uid, name }) => ({ value: uid, label: name })),
    })
  }

  async store({ bouncer, request, response, auth, session, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const typed = await request.validateUsing(licenseGrantValidator)
    const product = await LicensedProduct.findByOrFail('uid', typed.product)
    const organization = await Organization.findByOrFail('slug', typed.organization)
    const license = await License.grant(
      product,
      organization,
      {
        name: typed.name,
        startsAt: DateTime.utc().startOf('second'),
        expiresAt: lastSecond(typed.expires),
        ...limitsIn(typed),
      },
      auth.getUserOrFail()
    )
    const message = i18n.t('licenses.granted', { name: license.name })
    session.flash('notice', { kind: 'success', message })
    return response.redirect().toPath(`${LIST}/${license.uid}`)
  }

  async show({ bouncer, params, view }: HttpContext) {
    const policy = bouncer.with(StaffPolicy)
    await policy.authorize('read')
    const license = await License.findByOrFail('uid', params.id)
    return view.render('pages/admin/licenses/show', {
      license: licensePage(await licenseForPage(license), '/admin'),
      limits: license.serialize(),
      can: { act: await policy.allows('act'), configure: await policy.allows('configure') },
    })
  }

  async update({ bouncer, params, request, response, auth }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const license = await License.findByOrFail('uid', params.id)
    await license.load('product')
    const typed = await request.validateUsing(licenseLimitsValidator)
    await license.change(limitsIn(typed), auth.getUserOrFail())
    return response.redirect().toPath(`${LIST}/${license.uid}`)
  }

  async destroy({ bouncer, params, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const license = await License.findByOrFail('uid', params.id)
    await request.validateUsing(confirmationValidator, { meta: { name: license.name } })
    await license.remove()
    return response.redirect().toPath(LIST)
  }
}

export function lastSecond(day: Date): DateTime {
  return DateTime.fromJSDate(day, { zone: 'utc' }).endOf('day').startOf('second')
}

type Typed = Awaited<ReturnType<typeof licenseLimitsValidator.validate>>

function limitsIn(typed: Typed): LicenseLimits {
  return {
    maxVm: typed.max_vm,
    maxImage: typed.max_image,
    maxUser: typed.max_user,
    maxVcpu: typed.max_vcpu,
    maxVmem: typed.max_vmem,
    maxVdisk: typed.max_vdisk,
    maxActivations: typed.max_activations,
    graceDays: typed.grace_days ?? null,
    entitlements: entitlementsIn(typed.entitlements),
  }
}
