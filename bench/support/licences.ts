import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import db from '@adonisjs/lucid/services/db'
import { hostFingerprint } from '#licensing/host_info'
import LicensedProduct from '#models/licensed_product'
import Organization from '#models/organization'
import SigningKey from '#models/signing_key'
import { sqlTime } from '#models/concerns/sql'
import { newUid } from '#models/concerns/uid'

const CHUNK = 1_000
const HOLDERS = 50

/** A product whose licences are signed with RSA-3072, and organizations that hold them. */
export async function foundLicensing() {
  await SigningKey.generate('RSA-PSS-SHA256', 3072, null)
  const product = await LicensedProduct.add({
    code: 'bench',
    name: 'Bench',
    algorithm: 'RSA-PSS-SHA256',
    classicEnabled: false,
    classicOrder: 'images_users',
    encrypted: false,
    rebindLimit: 3,
    graceDays: 0,
  })
  const holders: Organization[] = []
  for (let number = 1; number <= HOLDERS; number++) {
    const facts = { name: `Holder ${number}`, kind: 'team' as const, owner: null }
    holders.push(await db.transaction((trx) => Organization.found(facts, trx)))
  }
  return { product, holders }
}

export type Installation = { token: string; fingerprint: string }

/** Licences, each with a token and a bound host of its own. Keys of hosts are few: making them is not measured. */
export async function grantMany(
  { product, holders }: Awaited<ReturnType<typeof foundLicensing>>,
  count: number
): Promise<Installation[]> {
  const keys = Array.from({ length: 4 }, () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  })
  const installations: Installation[] = []
  const now = sqlTime(DateTime.utc())
  for (let begin = 0; begin < count; begin += CHUNK) {
    const made = Array.from({ length: Math.min(CHUNK, count - begin) }, (_, index) =>
      installation(begin + index, keys[index % keys.length]!)
    )
    const ofLicense = (index: number) => ({
      organization_id: holders[index % holders.length]!.id,
      created_at: now,
      updated_at: now,
    })
    await db.table('licenses').multiInsert(
      made.map(({ uid, name, token }, index) => ({
        ...ofLicense(index),
        uid,
        name,
        licensed_product_id: product.id,
        max_vm: 100,
        max_image: 20,
        max_user: 80,
        max_vcpu: 400,
        max_vmem: 1024,
        max_vdisk: 10_000,
        max_activations: 1,
        starts_at: sqlTime(DateTime.utc().minus({ days: 1 })),
        expires_at: sqlTime(DateTime.utc().plus({ years: 1 })),
        token_hash: createHash('sha256').update(token).digest('hex'),
      }))
    )
    const rows = await db
      .from('licenses')
      .whereIn(
        'uid',
        made.map(({ uid }) => uid)
      )
      .select('id', 'uid')
    const ids = new Map(rows.map((row) => [row.uid as string, row.id as number]))
    await db.table('activations').multiInsert(
      made.map(({ uid, mac, serialNumber, publicKey, fingerprint }, index) => ({
        ...ofLicense(index),
        uid: newUid('a'),
        license_id: ids.get(uid)!,
        fingerprint,
        mac,
        serial_number: serialNumber,
        public_key: publicKey,
        open_on: `${ids.get(uid)}:${fingerprint}`,
      }))
    )
    installations.push(...made.map(({ token, fingerprint }) => ({ token, fingerprint })))
  }
  return installations
}

function installation(number: number, publicKey: string) {
  const host = {
    mac: `52:54:00:${number
      .toString(16)
      .padStart(6, '0')
      .replace(/(..)(..)(..)/, '$1:$2:$3')}`,
    serialNumber: `SN-${number}`,
    publicKey,
  }
  return {
    ...host,
    uid: newUid('l'),
    name: `BENCH-${number}`,
    token: `plt_${randomBytes(24).toString('base64url')}`,
    fingerprint: hostFingerprint(host),
  }
}
