import vine from '@vinejs/vine'
import { CLASSIC_ORDERS } from '#licensing/classic_file'
import { LICENSE_STATES, type LicenseState } from '#licensing/license_state'
import { RSA_BITS, SIGNING_ALGORITHMS } from '#licensing/signing'
import { DOCUMENT_FORMS, KEY_DEEDS } from '#models/types'
import { searchOf } from '#validators/list'
import { number, whole } from '#validators/rules/numbers'
import { uid } from '#validators/rules/uid'
import { words } from '#validators/rules/words'
import { webAddress } from '#validators/rules/web_address'

const amount = () => whole().range([0, 1_000_000_000])
const name = () =>
  vine
    .string()
    .trim()
    .maxLength(64)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
/** A day; a licence holds until its last second, UTC. */
const day = () => vine.date({ formats: ['YYYY-MM-DD'] })

export const licensedProductValidator = vine.create({
  code: vine
    .string()
    .trim()
    .maxLength(40)
    .regex(/^[a-z0-9][a-z0-9._-]*$/),
  name: words(80).minLength(1),
  algorithm: vine.enum(SIGNING_ALGORITHMS),
  classic_enabled: vine.accepted().optional(),
  classic_order: vine.enum(CLASSIC_ORDERS),
  encrypted: vine.accepted().optional(),
  rebind_limit: whole().range([0, 1000]),
  grace_days: whole().range([0, 365]),
})

const limits = {
  max_vm: amount(),
  max_image: amount(),
  max_user: amount(),
  max_vcpu: amount(),
  max_vmem: amount(),
  max_vdisk: amount(),
  max_activations: whole().range([1, 10_000]),
  grace_days: whole().range([0, 365]).nullable().optional(),
  entitlements: vine.string().trim().maxLength(2000).nullable().optional(),
}

export const licenseLimitsValidator = vine.create(limits)

export const licenseGrantValidator = vine.create({
  name: name(),
  product: uid(),
  organization: words(80),
  expires: day(),
  ...limits,
})

export const licenseRowValidator = vine.create({
  name: name(),
  organization: words(80),
  expires: day(),
  max_vm: amount(),
  max_image: amount(),
  max_user: amount(),
  max_vcpu: amount(),
  max_vmem: amount(),
  max_vdisk: amount(),
})

export const licenseImportValidator = vine.create({
  product: uid(),
  rows: vine.string().maxLength(500_000).nullable().optional(),
  step: vine.enum(['preview', 'grant'] as const),
})

export const renewalValidator = vine.create({ expires: day() })

export const licenseReasonValidator = vine.create({
  reason: words(200).minLength(1),
})

/** Not judged here: what it is refused for is kept with the licence. */
export const hostInfoValidator = vine.create({ host_info: vine.string().nullable().optional() })

export const documentFormValidator = vine.create({
  form: vine.enum(DOCUMENT_FORMS).optional(),
})

export const newSigningKeyValidator = vine.create({
  source: vine.enum(['generate', 'import', 'external', 'check_codes'] as const),
  algorithm: vine.enum(SIGNING_ALGORITHMS).optional(),
  bits: number()
    .in([...RSA_BITS])
    .optional(),
  private_key: vine.string().maxLength(20_000).nullable().optional(),
  passphrase: vine.string().maxLength(200).nullable().optional(),
  public_key: vine.string().maxLength(20_000).nullable().optional(),
  signer_url: webAddress(255, ['https']).nullable().optional(),
})

export const keyRequestValidator = vine.create({
  deed: vine.enum(KEY_DEEDS),
  reason: words(200).minLength(1),
})

export const keyExportValidator = vine.create({
  passphrase: vine.string().minLength(12).maxLength(200),
})

const fingerprint = () => vine.string().regex(/^[0-9a-f]{64}$/)

export const validationValidator = vine.create({
  fingerprint: fingerprint().optional(),
  product: words(40).optional(),
})

export const activationValidator = vine.create({
  fingerprint: fingerprint(),
  name: words(80).optional(),
})

/** What the address of the list asks for; a state that there is not counts as none. */
export function licenseListRequest(query: Record<string, unknown>) {
  const state: LicenseState | null = LICENSE_STATES.find((known) => known === query.state) ?? null
  return { ...searchOf(query), state }
}
