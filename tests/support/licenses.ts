import { createPublicKey } from 'node:crypto'
import { DateTime } from 'luxon'
import License, { type LicenseGrant } from '#models/license'
import LicensedProduct, { type ProductFacts } from '#models/licensed_product'
import HostInfoUpload from '#models/host_info_upload'
import LicenseDocument from '#models/license_document'
import SigningKey from '#models/signing_key'
import { Tenant } from '#models/concerns/tenant'
import { hostFile, testHost, type TestHost } from '#tests/support/licensing'
import { finish, type TestTenant } from '#tests/support/world'

let counter = 0

/** A product, keys that sign, and words to grant and to upload. */
export async function licensing(more: Partial<ProductFacts> = {}) {
  counter += 1
  const signing = await SigningKey.generate(more.algorithm ?? 'Ed25519', 3072, null)
  const checking = await SigningKey.generateForCheckCodes(null)
  const product = await productCalled(`virtual-desktop-${counter}`, more)
  const grant = (
    tenant: Pick<TestTenant, 'inside' | 'organization'>,
    name: string,
    facts: Partial<LicenseGrant> = {}
  ) => tenant.inside(() => License.grant(product, tenant.organization, grantOf(name, facts), null))
  const file = (license: License, host: TestHost = testHost()) =>
    Buffer.from(hostFile(license.name, host, createPublicKey(checking.publicKey)))
  const upload = (tenant: TestTenant, license: License, bytes: Buffer = file(license)) =>
    tenant.inside(() =>
      HostInfoUpload.receive(license, bytes, { via: 'form', by: tenant.operator })
    )
  return {
    signing,
    checking,
    product,
    grant,
    file,
    upload,
    /** Granted, its host bound and its document signed. */
    async issued(tenant: TestTenant, name: string, facts: Partial<LicenseGrant> = {}) {
      const license = await grant(tenant, name, facts)
      const { operation } = await upload(tenant, license)
      await finish(operation!)
      await tenant.inside(() => license.refresh())
      return license
    },
    document: (license: License) =>
      Tenant.run(license.organizationId, () => LicenseDocument.currentOf(license)),
  }
}

/** A licence and no keys: enough for whoever only looks, and quick to make. */
export async function grantedTo(
  tenant: Pick<TestTenant, 'inside' | 'organization'>,
  name: string
): Promise<License> {
  counter += 1
  const product = await productCalled(`virtual-desktop-${counter}`)
  return tenant.inside(() => License.grant(product, tenant.organization, grantOf(name), null))
}

function productCalled(code: string, more: Partial<ProductFacts> = {}): Promise<LicensedProduct> {
  return LicensedProduct.add({
    code,
    name: code,
    algorithm: 'Ed25519',
    classicEnabled: false,
    classicOrder: 'images_users',
    encrypted: false,
    rebindLimit: 3,
    graceDays: 0,
    ...more,
  })
}

export function grantOf(name: string, facts: Partial<LicenseGrant> = {}): LicenseGrant {
  return {
    name,
    maxVm: 100,
    maxImage: 20,
    maxUser: 80,
    maxVcpu: 400,
    maxVmem: 1024,
    maxVdisk: 10_000,
    maxActivations: 1,
    graceDays: null,
    entitlements: [{ name: 'support', maximum: null }],
    startsAt: DateTime.utc().startOf('day'),
    expiresAt: DateTime.utc().plus({ years: 1 }).endOf('day').startOf('second'),
    ...facts,
  }
}
