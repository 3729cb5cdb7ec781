import type { HttpContext } from '@adonisjs/core/http'
import { organizationLog } from '#models/audit_log'
import { listInstances } from '#models/instance_list'
import { listLicenses } from '#models/license_list'
import type Membership from '#models/membership'
import { listOperations } from '#models/operation_list'
import InstancePolicy from '#policies/instance_policy'
import LicensePolicy from '#policies/license_policy'
import MembershipPolicy from '#policies/membership_policy'
import OperationPolicy from '#policies/operation_policy'
import OrganizationPolicy from '#policies/organization_policy'
import {
  at,
  auditColumns,
  instanceColumns,
  licenseColumns,
  operationColumns,
} from '#controllers/exports/columns'
import { answerWith, exported, type ExportedList } from '#controllers/exports/list'
import { auditFilter } from '#validators/audit_filter'
import { instanceListRequest } from '#validators/instance_list'
import { licenseListRequest } from '#validators/license'
import { operationListRequest } from '#validators/operation_list'

const PAGE_SIZE = 100

/** An organization's lists as files: the same right, the same filter and the same reading as the page. */
const LISTS: Record<string, ExportedList> = {
  instances: exported({
    authorize: ({ bouncer, membership }) =>
      bouncer.with(InstancePolicy).authorize('view', membership),
    read: ({ organization }, query) => {
      const asked = { ...instanceListRequest(query), size: PAGE_SIZE, isOneList: true }
      return (cursor) => listInstances(organization, { ...asked, cursor })
    },
    columns: instanceColumns,
  }),
  operations: exported({
    authorize: ({ bouncer, membership }) =>
      bouncer.with(OperationPolicy).authorize('view', membership),
    read: ({ organization }, query) => {
      const asked = { ...operationListRequest(query), size: PAGE_SIZE }
      return (cursor) => listOperations(organization, { ...asked, cursor })
    },
    columns: operationColumns,
  }),
  activity: exported({
    authorize: ({ bouncer, membership }) =>
      bouncer.with(OrganizationPolicy).authorize('viewActivity', membership),
    read: ({ organization, auth }, query) => {
      const filter = auditFilter(query, auth.getUserOrFail().timeZone)
      return (cursor) => organizationLog(organization, filter, cursor)
    },
    columns: auditColumns,
  }),
  members: exported({
    authorize: ({ bouncer, membership }) =>
      bouncer.with(MembershipPolicy).authorize('viewAll', membership),
    read:
      ({ organization }) =>
      (cursor) =>
        organization.members(cursor, PAGE_SIZE),
    columns: {
      id: ({ uid }: Membership) => uid,
      name: ({ user }) => user.fullName,
      email: ({ user }) => user.email,
      role: ({ role }, i18n) => i18n.t(`members.role_${role}`),
      joined: ({ createdAt }) => at(createdAt),
    },
  }),
  licenses: exported({
    authorize: ({ bouncer, membership }) =>
      bouncer.with(LicensePolicy).authorize('view', membership),
    read: ({ organization }, query) => {
      const asked = licenseListRequest(query)
      return (cursor) => listLicenses([organization.id], { ...asked, cursor }, PAGE_SIZE)
    },
    columns: licenseColumns,
  }),
}

export default class ExportsController {
  show(ctx: HttpContext) {
    return answerWith(ctx, LISTS, ctx.organization.id)
  }
}
