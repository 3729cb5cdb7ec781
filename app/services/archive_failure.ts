import {
  BackupBroken,
  DomainError,
  StoreAway,
  StoreFull,
  StoreRefused,
} from '#exceptions/domain_error'

/** What stores call being full, whatever status they say it with. */
const FULL =
  /^(ENOSPC|EDQUOT|EntityTooLarge|QuotaExceeded|XMinioStorageFull|XMinioAdminBucketQuotaExceeded)$/
const FULL_STATUS = new Set([413, 507])
const REFUSED_STATUS = new Set([400, 401, 403])
const REFUSED = /^(EACCES|EPERM|EROFS|NoSuchBucket|PermanentRedirect)$/
const GONE = /^(ENOENT|NoSuchKey|InvalidRange)$/

type StoreError = {
  code?: string
  name?: string
  cause?: unknown
  $metadata?: { httpStatusCode?: number }
}

/** What a failure of a store means to whoever reads it. Its own words, which name addresses and keys, are the cause. */
export function storeFailure(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  const chain = causesOf(error)
  const called = (names: RegExp) =>
    chain.some(({ code, name }) => names.test(code ?? '') || names.test(name ?? ''))
  const answered = (statuses: Set<number>) =>
    chain.some(({ $metadata }) => statuses.has($metadata?.httpStatusCode ?? 0))
  const cause = { cause: error }
  if (called(FULL) || answered(FULL_STATUS)) return new StoreFull({}, cause)
  if (called(GONE)) return new BackupBroken({}, cause)
  if (called(REFUSED) || answered(REFUSED_STATUS)) return new StoreRefused({}, cause)
  return new StoreAway({}, cause)
}

function causesOf(error: unknown): StoreError[] {
  const chain: StoreError[] = []
  for (let next = error as StoreError; next instanceof Error; next = next.cause as StoreError) {
    chain.push(next)
  }
  return chain
}
