import { DateTime } from 'luxon'
import type { KeysetPage } from '#models/concerns/keyset'
import type Activation from '#models/activation'
import type HostInfoUpload from '#models/host_info_upload'
import type License from '#models/license'
import type LicenseDocument from '#models/license_document'
import type { ListedLicense, LicenseListRequest } from '#models/license_list'
import type { LicenseStanding } from '#models/license_standing'
import { LICENSE_STATES, type LicenseState } from '#licensing/license_state'
import { ListLinks } from '#transformers/list_links'

/** The light of each state; their words are the old system's. */
const DOORS: Record<LicenseState, string> = {
  TOUPLOAD: 'waiting',
  INFOERROR: 'error',
  TODOWNLOAD: 'available',
  DOWNLOADERROR: 'pending',
  EXPIRED: 'expired',
  SUSPENDED: 'suspended',
  REVOKED: 'revoked',
}

export function licenseListPage(
  path: string,
  page: KeysetPage<ListedLicense>,
  { words, state }: LicenseListRequest
) {
  const links = new ListLinks(path, { q: words, state })
  return {
    path,
    words,
    rows: page.rows.map(({ license, standing }) => licenseRow(license, standing, path)),
    isFiltered: Boolean(words || state),
    states: LICENSE_STATES.map((choice) => ({
      state: choice,
      isActive: choice === state,
      href: links.with({ state: choice === state ? null : choice }),
    })),
    ...links.around(page),
  }
}

export function licenseRow(license: License, standing: LicenseStanding, path: string) {
  const { uid, name, product, organization, expiresAt } = license
  return {
    uid,
    name,
    path: `${path}/${uid}`,
    product: { name: product.name, code: product.code },
    organization: organization.name,
    state: standing.state,
    door: DOORS[standing.state],
    expiresAt,
    daysLeft: Math.floor(expiresAt.diff(DateTime.utc(), 'days').days),
  }
}

type Source = {
  license: License
  standing: LicenseStanding
  document: LicenseDocument | null
  isIntact: boolean
  uploads: HostInfoUpload[]
  documents: LicenseDocument[]
  activation: Activation | null
  operation: { uid: string } | null
}

/** The page of one licence: where it stands, the next step, what was sent, signed and handed out. */
export function licensePage(source: Source, home: string) {
  const { license, standing, document, activation, operation } = source
  const path = `${home}/licenses/${license.uid}`
  const isBroken = document !== null && !source.isIntact
  const state =
    isBroken && standing.state === 'TODOWNLOAD' ? ('DOWNLOADERROR' as const) : standing.state
  return {
    ...licenseRow(license, { ...standing, state }, `${home}/licenses`),
    path,
    state,
    door: DOORS[state],
    reason: standing.reason,
    refusal: standing.refusal,
    isWaitingForApproval: standing.isWaitingForApproval,
    isBroken,
    pausedUntil: standing.pausedUntil ? new Date(standing.pausedUntil).toISOString() : null,
    operation: operation && `${home}/operations/${operation.uid}`,
    isOpen: ['TOUPLOAD', 'INFOERROR', 'TODOWNLOAD', 'DOWNLOADERROR'].includes(state),
    isFrozen: activation !== null && !license.reopenedAt,
    startsAt: license.startsAt,
    graceUntil: license.graceUntil,
    limits: limitsOf(license),
    entitlements: license.entitlements.map(({ text }) => text),
    tokenHint: license.tokenHint,
    host: activation && {
      mac: activation.mac,
      serialNumber: activation.serialNumber,
      fingerprint: activation.fingerprint,
      since: activation.createdAt,
    },
    document: document && documentRow(document, path),
    documents: source.documents.map((one) => documentRow(one, path)),
    uploads: source.uploads.map(uploadRow),
  }
}

export function limitsOf(license: License) {
  return [
    { key: 'max_vm', value: license.maxVm },
    { key: 'max_image', value: license.maxImage },
    { key: 'max_user', value: license.maxUser },
    { key: 'max_vcpu', value: license.maxVcpu },
    { key: 'max_vmem', value: license.maxVmem },
    { key: 'max_vdisk', value: license.maxVdisk },
  ]
}

function documentRow(document: LicenseDocument, path: string) {
  return {
    serial: document.serial,
    digest: document.digest,
    downloads: document.downloads,
    createdAt: document.createdAt,
    isCurrent: document.currentOn !== null,
    key: document.signingKey?.keyId ?? null,
    exchange: `${path}/documents/${document.uid}/exchange`,
    forms: document.forms.map((form) => ({
      form,
      href: `${path}/documents/${document.uid}?form=${form}`,
    })),
  }
}

export function uploadRow(upload: HostInfoUpload) {
  return {
    uid: upload.uid,
    via: upload.via,
    refusal: upload.refusal,
    isWaiting: upload.isWaiting,
    isDeclined: upload.declinedAt !== null,
    serialNumber: upload.serialNumber,
    mac: upload.mac,
    by: upload.uploadedBy?.displayName ?? null,
    createdAt: upload.createdAt,
  }
}
