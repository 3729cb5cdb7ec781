import {
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto'
import { DateTime } from 'luxon'
import { checkCodeFor } from '#licensing/host_info'
import HostInfoUpload from '#models/host_info_upload'
import License, { type LicenseGrant } from '#models/license'
import LicensedProduct from '#models/licensed_product'
import SigningKey from '#models/signing_key'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { finish, type Tenancy } from '#database/demo/history'

/**
 * Licences in each of their states, each brought there by what brings it there: hosts sign what they send, an
 * operation signs the document. Once only: a database with a licensed product has them.
 */
export class DemoLicences {
  private constructor(
    private readonly product: LicensedProduct,
    private readonly checkKey: KeyObject,
    private readonly staff: User
  ) {}

  static async write(staff: User, { acme, globex }: { acme: Tenancy; globex: Tenancy }) {
    if (await LicensedProduct.first()) return
    await SigningKey.generate('RSA-PSS-SHA256', 3072, staff)
    const check = await SigningKey.generateForCheckCodes(staff)
    const product = await LicensedProduct.add({
      code: 'cloud-desktop',
      name: '云桌面 Cloud Desktop',
      algorithm: 'RSA-PSS-SHA256',
      classicEnabled: true,
      classicOrder: 'images_users',
      encrypted: true,
      rebindLimit: 3,
      graceDays: 14,
    })
    const demo = new DemoLicences(product, createPublicKey(check.publicKey), staff)
    await demo.of(acme)
    await demo.bound(await demo.granted(globex, 'GLOBEX-OFFICE', { maxVm: 40 }), globex)
  }

  private async of(acme: Tenancy): Promise<void> {
    await this.granted(acme, 'ACME-BRANCH', { maxVm: 25 })
    await this.bound(await this.granted(acme, 'ACME-HQ', { maxVm: 500, maxUser: 800 }), acme)
    const tampered = await this.granted(acme, 'ACME-LAB')
    await this.bound(tampered, acme)
    await this.sent(tampered, acme, this.hostFile(tampered).replace('SN-', 'SN-9'))
    const ending = await this.granted(acme, 'ACME-TRIAL', { endsInDays: 5 })
    await this.bound(ending, acme)
    await this.granted(acme, 'ACME-2025', { endsInDays: -20 })
    const suspended = await this.granted(acme, 'ACME-CLASSROOM')
    await this.bound(suspended, acme)
    await this.inside(acme, () => suspended.suspend('账单逾期 / invoice overdue', this.staff))
    const revoked = await this.granted(acme, 'ACME-LOST')
    await this.bound(revoked, acme)
    await this.inside(acme, () => revoked.revoke('主机被盗 / host was stolen', this.staff))
  }

  private granted(
    tenancy: Tenancy,
    name: string,
    { endsInDays = 365, ...more }: Partial<LicenseGrant> & { endsInDays?: number } = {}
  ): Promise<License> {
    const facts: LicenseGrant = {
      name,
      maxVm: 100,
      maxImage: 20,
      maxUser: 120,
      maxVcpu: 400,
      maxVmem: 1024,
      maxVdisk: 20_000,
      maxActivations: 1,
      graceDays: null,
      entitlements: [
        { name: 'support', maximum: null },
        { name: 'gpu', maximum: 4 },
      ],
      startsAt: DateTime.utc().minus({ days: 90 }).startOf('day'),
      expiresAt: DateTime.utc().plus({ days: endsInDays }).endOf('day').startOf('second'),
      ...more,
    }
    return this.inside(tenancy, () =>
      License.grant(this.product, tenancy.organization, facts, this.staff)
    )
  }

  private async bound(license: License, tenancy: Tenancy): Promise<void> {
    await this.sent(license, tenancy, this.hostFile(license))
  }

  private async sent(license: License, tenancy: Tenancy, file: string): Promise<void> {
    const { operation } = await this.inside(tenancy, () =>
      HostInfoUpload.receive(license, Buffer.from(file), { via: 'form', by: tenancy.owner })
    )
    if (operation) await finish(operation)
  }

  /** As the collector writes it on a host. */
  private hostFile({ name }: License): string {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const [a, b, c] = randomBytes(3)
    const mac = ['52:54:00', ...[a, b, c].map((byte) => byte!.toString(16).padStart(2, '0'))].join(
      ':'
    )
    const serialNumber = `SN-${randomBytes(4).toString('hex').toUpperCase()}`
    const lines = [
      name,
      mac,
      serialNumber,
      checkCodeFor(serialNumber, this.checkKey),
      publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    ]
    const text = lines.join('\n')
    return `${text}signature: ${sign('sha256', Buffer.from(text), privateKey).toString('hex')}\n`
  }

  private inside<T>({ organization }: Tenancy, work: () => Promise<T>): Promise<T> {
    return Tenant.run(organization.id, work)
  }
}
