import type { HttpContext } from '@adonisjs/core/http'
import { DomainError, LicenseFrozen, NameInUse } from '#exceptions/domain_error'
import { ClassicLicensing, type ClassicLimits } from '#models/classic_licensing'
import { classicInstances } from '#models/classic_instances'
import { listLicenses } from '#models/license_list'
import { Tenant } from '#models/concerns/tenant'
import StaffPolicy from '#policies/staff_policy'
import { classicInstance } from '#transformers/api/licensing/classic'
import {
  classicInstanceEditValidator,
  classicInstanceValidator,
  idsIn,
} from '#validators/classic_licensing'
import { licenseListRequest } from '#validators/license'

const PAGE = 500

/** Licences, by their old name. */
export default class InstancesController {
  async index({ classicCaller, request, response }: HttpContext) {
    const holders = await ClassicLicensing.holdersOf(classicCaller!.user!)
    return Tenant.system('licenses by an old address', async () => {
      const page = await listLicenses(holders, licenseListRequest(request.qs()), PAGE)
      const data = await classicInstances(page.rows)
      return response.send({ status: 'success', data: data.map(classicInstance), next: page.next })
    })
  }

  async store({ bouncer, request, response, auth, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const typed = await request.validateUsing(classicInstanceValidator)
    const { instancename: name, user: called, product = null, expiredTime, ...limits } = typed
    const user = await ClassicLicensing.findUser(called)
    if (!user) return response.send(fail(i18n.t('licenses.classic_no_user')))
    const facts = { name, expiresAt: expiredTime, product, user, ...NOTHING, ...limits }
    try {
      const license = await ClassicLicensing.grant(facts, auth.getUserOrFail())
      return response.send({ status: 'success', data: { id: license.uid, instancename: name } })
    } catch (error) {
      if (!(error instanceof NameInUse)) throw error
      return response.send(fail(i18n.t('licenses.classic_name_taken')))
    }
  }

  async update({ bouncer, classicCaller, request, response, auth, i18n }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const typed = await request.validateUsing(classicInstanceEditValidator)
    const { id, instancename: name, expiredTime: expiresAt, ...limits } = typed
    const license = await ClassicLicensing.find(classicCaller!, id ?? name ?? '', 'owner')
    if (!license) return response.send({ status: 'not_exist' })
    try {
      const edit = {
        ...given(limits),
        ...(id && name && { name }),
        ...(expiresAt && { expiresAt }),
      }
      await ClassicLicensing.edit(license, edit, auth.getUserOrFail())
      return response.send({ status: 'success', data: { id: license.uid } })
    } catch (error) {
      if (error instanceof LicenseFrozen) {
        return response.send(fail(i18n.t('licenses.classic_frozen')))
      }
      if (!(error instanceof NameInUse)) throw error
      return response.send(fail(i18n.t('licenses.classic_name_taken')))
    }
  }

  /** Only those that never had a document: the others are revoked, not forgotten. */
  async destroy({ bouncer, classicCaller, request, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const [gone, kept]: [string[], string[]] = [[], []]
    for (const id of idsIn(request.body())) {
      const license = await ClassicLicensing.find(classicCaller!, id, 'owner')
      try {
        await license?.remove()
        ;(license ? gone : kept).push(id)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        kept.push(id)
      }
    }
    return response.send({
      status: kept.length === 0 ? 'success' : 'fail',
      success_list: gone,
      fail_list: kept,
    })
  }
}

const NOTHING: ClassicLimits = {
  maxVm: 0,
  maxImage: 0,
  maxUser: 0,
  maxVcpu: 0,
  maxVmem: 0,
  maxVdisk: 0,
}

const fail = (data: string) => ({ status: 'fail', data })

function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined)
  ) as Partial<T>
}
