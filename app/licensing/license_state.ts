/** The old system's words for where a licence stands. */
export const LICENSE_STATES = [
  'REVOKED',
  'SUSPENDED',
  'EXPIRED',
  'INFOERROR',
  'TOUPLOAD',
  'DOWNLOADERROR',
  'TODOWNLOAD',
] as const
export type LicenseState = (typeof LICENSE_STATES)[number]

export type LicenseSituation = {
  isRevoked: boolean
  isSuspended: boolean
  isExpired: boolean
  hasHost: boolean
  isLastUploadRefused: boolean
  isDownloadBroken: boolean
}

/** Derived from the records, kept nowhere: the first that holds. */
export function licenseState(situation: LicenseSituation): LicenseState {
  const { isRevoked, isSuspended, isExpired, hasHost } = situation
  if (isRevoked) return 'REVOKED'
  if (isSuspended) return 'SUSPENDED'
  if (isExpired) return 'EXPIRED'
  if (situation.isLastUploadRefused) return 'INFOERROR'
  if (!hasHost) return 'TOUPLOAD'
  return situation.isDownloadBroken ? 'DOWNLOADERROR' : 'TODOWNLOAD'
}
