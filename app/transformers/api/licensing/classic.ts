import type { DateTime } from 'luxon'
import type Activation from '#models/activation'
import type HostInfoUpload from '#models/host_info_upload'
import type License from '#models/license'
import type { LicenseStanding } from '#models/license_standing'
import type User from '#models/user'

/*
| People and licences by the names they had in the old licence manager. Ids are those they came with, else ours.
*/

const USER = 0x02
const ADMINISTER = 0x80

/** Rights as bits: `can(p)` is `(permissions & p) == p`. */
function roleOf(user: User) {
  return user.isStaffOf('admin')
    ? { id: 1, name: 'Administrator', description: '管理员', permissions: USER | ADMINISTER }
    : { id: 2, name: 'User', description: '用户', permissions: USER }
}

export function classicUser(user: User, organization: string | null) {
  const role = roleOf(user)
  return {
    id: user.externalReference ?? user.uid,
    username: user.username ?? user.email,
    email: user.email,
    phone: user.phone ?? '',
    organization: organization ?? '',
    os_auth_url: user.keystoneUrl ?? '',
    is_active: !user.isDisabled,
    role_id: role.id,
    role,
    confirmed: user.isVerified,
    created_at: moment(user.createdAt),
    updated_at: moment(user.updatedAt),
  }
}

export type ClassicSource = {
  license: License
  standing: LicenseStanding
  owner: User | null
  activation: Activation | null
  upload: HostInfoUpload | null
  downloads: number
}

export function classicInstance(source: ClassicSource) {
  const { license, standing, owner, activation, upload } = source
  return {
    id: license.externalReference ?? license.uid,
    instancename: license.name,
    user_id: owner && (owner.externalReference ?? owner.uid),
    max_vm: license.maxVm,
    max_image: license.maxImage,
    max_user: license.maxUser,
    max_vcpu: license.maxVcpu,
    max_vmem: license.maxVmem,
    max_vdisk: license.maxVdisk,
    status: standing.state,
    expired_time: moment(license.expiresAt),
    mac: activation?.mac ?? '',
    serial_number: activation?.serialNumber ?? '',
    check_code: upload?.checkCode ?? '',
    public_key: activation?.publicKey ?? '',
    download: source.downloads,
    created_at: moment(license.createdAt),
    updated_at: moment(license.updatedAt),
  }
}

function moment(time: DateTime): string {
  return time.toUTC().toFormat('yyyy-MM-dd HH:mm:ss')
}
