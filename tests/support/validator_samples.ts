import { makeSshKeyPair } from '#services/ssh_key_pair'
import { selfSigned } from '#tests/support/certificates'
import { ed25519Line } from '#tests/support/public_keys'

export type ValidatorSample = {
  /** A good answer to every question of the form. */
  typed: Record<string, unknown>
  meta?: Record<string, unknown>
}

/** For what the validators that are made for one thing are made. */
export const NAMED = 'web-1'

const LINE = ed25519Line('ada@example.com')
const PASSWORD = 'nine quiet rivers beside the mill'
const CREDENTIAL = JSON.stringify({ id: 'a', response: {} })
const FINGERPRINT = 'ab'.repeat(32)
const form = { request_key: 'abcdefgh12345678' }
const tls = selfSigned('portico')
const ssh = makeSshKeyPair('portico')

const limits = { max_vm: 1, max_image: 2, max_user: 3, max_vcpu: 4, max_vmem: 5, max_vdisk: 6 }
const size = {
  cpus: 2,
  memory: '2 GB',
  disk: '20G',
  ingress: '100',
  egress: '1Gbps',
  nat_limit: 5,
  snapshot_limit: 3,
  traffic_limit: 1000,
}
const ends = { sport_end: 8009, dport_end: 20_009 }
const rule = { hostname: NAMED, dtype: 'tcp', dport: 20_000, sport: 8000, ...ends }
const person = {
  email: 'ada@example.com',
  full_name: 'Ada',
  username: 'ada',
  phone: '+49 30 1234567',
  keystone_url: 'https://keystone.example.com/v3',
}
const reinstallation = {
  image: 'g123',
  password_choice: 'own',
  password: PASSWORD,
  ssh_keys: LINE,
  kept_keys: ['h1'],
  ...form,
}
const schedule = { rhythm: 'daily', keep: 7, hour: 3, weekday: 1 }

/** Of every validator, by file and name: whatever is added there has to be added here. */
export const VALIDATOR_SAMPLES: Record<string, ValidatorSample> = {
  'account.emailValidator': { typed: { email: 'ada@example.com' } },
  'account.firstAdministratorValidator': {
    typed: { full_name: 'Ada', email: 'first@example.com', password: PASSWORD },
  },
  'account.newPasswordValidator': {
    typed: { password: PASSWORD, password_confirmation: PASSWORD },
    meta: { words: ['ada'] },
  },
  'account.profileValidator': {
    typed: { full_name: 'Ada', locale: 'en', time_zone: 'Europe/Berlin' },
  },
  'account.sentProfileValidator': {
    typed: { full_name: 'Ada', locale: 'en', time_zone: 'Europe/Berlin' },
  },
  'account.signInValidator': { typed: { email: 'ada@example.com', password: PASSWORD } },
  'account.signUpValidator': {
    typed: {
      organization: 'Acme',
      email: 'ada@example.com',
      password: PASSWORD,
      time_zone: 'Asia/Shanghai',
    },
  },
  'address_pool.addressPoolValidator': {
    typed: {
      name: 'public',
      cidr: '198.51.100.0/24',
      gateway: '198.51.100.1',
      network: 'lxdbr0',
      nameservers: '1.1.1.1, 9.9.9.9',
      addresses: '198.51.100.10-198.51.100.20',
      exclusions: '198.51.100.12',
    },
    meta: { clusterId: 0, poolId: 0, networks: ['lxdbr0'] },
  },
  'address_pool.importValidator': {
    typed: { addresses: '198.51.100.10' },
    meta: { cidr: '198.51.100.0/24' },
  },
  'address_pool.poolClusterValidator': { typed: { cluster: 'c1' } },
  'api_auth.loginValidator': { typed: { username: 'ada', password: PASSWORD, code: '123456' } },
  'api_auth.registrationValidator': {
    typed: { username: 'ada', password: PASSWORD, email: 'ada@example.com' },
  },
  'api_auth.serverActionValidator': { typed: { action: 'start' } },
  'api_billing.billedInstanceValidator': { typed: { hostname: NAMED } },
  'api_billing.billedOrderValidator': {
    typed: { hostname: NAMED, password: PASSWORD, image: 'debian/12', ...size },
  },
  'api_billing.billedPasswordValidator': { typed: { hostname: NAMED, password: PASSWORD } },
  'api_billing.billedPortCheckValidator': {
    typed: { hostname: NAMED, protocol: 'tcp', port: 20_000 },
  },
  'api_billing.billedReinstallValidator': {
    typed: { hostname: NAMED, system: 'debian/12', password: PASSWORD },
  },
  'api_billing.billedResizeValidator': { typed: { hostname: NAMED, ...size } },
  'api_billing.billedRuleNameValidator': { typed: rule },
  'api_billing.billedRuleValidator': { typed: { ...rule, description: 'shop' } },
  'api_billing.billedSnapshotValidator': { typed: { hostname: NAMED, name: 'before' } },
  'api_billing.billedTaskListValidator': { typed: { hostname: NAMED, limit: 20 } },
  'api_billing.billedTaskValidator': { typed: { task_id: 'o1' } },
  'api_billing.billedVisitValidator': { typed: { hostname: NAMED, page: 'usage' } },
  'api_token.apiTokenValidator': {
    typed: {
      name: 'robot',
      days: 30,
      scopes: ['read'],
      allowed_addresses: '198.51.100.0/24\n2001:db8::1',
      requests_per_minute: 60,
    },
  },
  'backup.createBackupValidator': { typed: { name: 'before', ...form } },
  'backup.restoreBackupValidator': { typed: { name: NAMED, plan: 'p1', ...form } },
  'batch.batchDeedValidator': { typed: { deed: 'start' } },
  'batch.createBatchValidator': {
    typed: { deed: 'suspend', confirmation: '12', reason: 'billing', note: 'late', ...form },
  },
  'batch.deleteBatchValidator': { typed: { confirmation: '12', ...form } },
  'batch.orderBatchValidator': {
    typed: { deed: 'start', instances: ['i1'], matching: 'name:web' },
  },
  'billing_key.createBillingKeyValidator': {
    typed: {
      name: 'ZJMF',
      allowed_addresses: '198.51.100.7',
      allows_free_sizes: true,
      plans: ['p1'],
      clusters: ['c1'],
      days: 365,
    },
  },
  'billing_key.rotateBillingKeyValidator': { typed: { overlap_hours: 24 } },
  'classic_licensing.classicCallValidator': { typed: { instanceid: '42' } },
  'classic_licensing.classicInstanceEditValidator': {
    typed: { id: '42', instancename: NAMED, expired_time: '2030-01-31', ...limits },
  },
  'classic_licensing.classicInstanceValidator': {
    typed: {
      instancename: NAMED,
      user: 'ada@example.com',
      product: 'cloud',
      expired_time: '2030-01-31 12:00:00',
      ...limits,
    },
  },
  'classic_licensing.classicStatusValidator': { typed: { id: '42', is_active: true } },
  'classic_licensing.classicUserEditValidator': {
    typed: { id: '42', email: 'ada@example.com', username: 'ada' },
  },
  'classic_licensing.classicUserValidator': {
    typed: {
      email: 'ada@example.com',
      username: 'ada',
      phone: '+49 30 1234567',
      organization: 'Acme',
      os_auth_url: 'https://keystone.example.com/v3',
    },
  },
  'cluster.accessValidator': {
    typed: {
      by: 'token',
      token_id: 'root@pam!portico',
      token_secret: 'secret',
      username: 'root@pam',
      password: 'secret',
    },
  },
  'cluster.clusterEndpointValidator': {
    typed: { endpoint: 'https://10.0.0.5:8443' },
    meta: { driver: 'lxd' },
  },
  'cluster.createClusterValidator': {
    typed: { driver: 'lxd', name: 'bj1', endpoint: 'https://10.0.0.5:8443' },
  },
  'cluster.keyPairSourceValidator': { typed: { source: 'generate' } },
  'cluster.keyPairValidator': {
    typed: { certificate: tls.certificate, private_key: tls.privateKey },
  },
  'cluster.numbersValidator': { typed: { first_vmid: 1000, last_vmid: 2000 } },
  'cluster.pinValidator': { typed: { fingerprint: FINGERPRINT } },
  'cluster.placementValidator': {
    typed: { storage_pool: 'default', networks: ['lxdbr0'] },
    meta: { storagePools: ['default'], networks: ['lxdbr0'] },
  },
  'cluster.trustValidator': { typed: { secret: 'token' } },
  'cluster.updateClusterValidator': {
    typed: {
      name: 'bj1',
      max_parallel_operations: 20,
      memory_overcommit: '1.25',
      time_zone: 'Asia/Shanghai',
    },
    meta: { clusterId: 0 },
  },
  'cluster.vlansValidator': { typed: { vlans: '100, 200' } },
  'cluster_forwarder.forwarderValidator': {
    typed: {
      kind: 'iptables',
      public_address: '203.0.113.7',
      listen_interface: 'eth0',
      masquerade: true,
      place: 'ssh',
      ssh_host: '10.0.0.5',
      ssh_port: 22,
      ssh_user: 'portico',
      ssh_host_key: `SHA256:${'A'.repeat(43)}`,
      router_endpoint: 'https://192.168.1.1',
      router_user: 'admin',
      router_fingerprint: FINGERPRINT,
      router_secret: 'secret',
      private_key: ssh.privateKey,
    },
    meta: { kinds: ['iptables', 'ikuai', 'lxd'] },
  },
  'confirmation.confirmationValidator': { typed: { confirmation: NAMED }, meta: { name: NAMED } },
  'console.consoleSocketValidator': { typed: { columns: 80, rows: 24 } },
  'console.consoleTicketValidator': { typed: { kind: 'shell' } },
  'copy_schedule.copyScheduleValidator': { typed: schedule },
  'drift.adoptionValidator': { typed: { name: NAMED } },
  'image.imageValidator': { typed: { title: 'Debian 12' } },
  'instance.acceptTransferValidator': { typed: { name: NAMED } },
  'instance.addKeysValidator': { typed: { ssh_keys: LINE, kept_keys: ['h1'], ...form } },
  'instance.createInstanceValidator': {
    typed: { name: NAMED, plan: 'p1', cluster: 'c1', network: 'all', ...reinstallation },
  },
  'instance.deleteInstanceValidator': { typed: { confirmation: NAMED, ...form } },
  'instance.moveInstanceValidator': { typed: { node: 'n1', ...form } },
  'instance.offerInstanceValidator': { typed: { organization: 'acme' } },
  'instance.offerTransferValidator': { typed: { organization: 'acme', confirmation: NAMED } },
  'instance.powerValidator': { typed: { action: 'start', ...form } },
  'instance.reinstallInstanceValidator': { typed: reinstallation },
  'instance.reinstallValidator': { typed: { ...reinstallation, confirmation: NAMED } },
  'instance.removeKeysValidator': { typed: { keys: ['h1'], ...form } },
  'instance.renameInstanceValidator': { typed: { name: NAMED, ...form } },
  'instance.rescueInstanceValidator': { typed: { ...form } },
  'instance.resetPasswordValidator': {
    typed: { password_choice: 'own', password: PASSWORD, ...form },
  },
  'instance.resizeInstanceValidator': { typed: { plan: 'p1', ...form } },
  'interface.attachNetworkValidator': { typed: { network: 'lxdbr1', ...form } },
  'interface.detachNetworkValidator': { typed: { confirmation: NAMED, ...form } },
  'interface.networkPurposeValidator': { typed: { network: 'lxdbr1', purpose: 'first' } },
  'interface.networkValidator': { typed: { network: 'lxdbr1' } },
  'invitation.createInvitationValidator': { typed: { email: 'ada@example.com', role: 'viewer' } },
  'license.activationValidator': { typed: { fingerprint: FINGERPRINT, name: 'rack 7' } },
  'license.documentFormValidator': { typed: { form: 'document' } },
  'license.hostInfoValidator': { typed: { host_info: '{}' } },
  'license.keyExportValidator': { typed: { passphrase: PASSWORD } },
  'license.keyRequestValidator': { typed: { deed: 'revoke', reason: 'lost' } },
  'license.licenseGrantValidator': {
    typed: {
      name: NAMED,
      product: 'x1',
      organization: 'acme',
      expires: '2030-01-31',
      ...limits,
      max_activations: 1,
      grace_days: 30,
      entitlements: 'support\ngpu=4',
    },
  },
  'license.licenseImportValidator': { typed: { product: 'x1', rows: 'a,b', step: 'preview' } },
  'license.licenseLimitsValidator': {
    typed: { ...limits, max_activations: 1, grace_days: 30, entitlements: 'support' },
  },
  'license.licenseReasonValidator': { typed: { reason: 'unpaid' } },
  'license.licenseRowValidator': {
    typed: { name: NAMED, organization: 'acme', expires: '2030-01-31', ...limits },
  },
  'license.licensedProductValidator': {
    typed: {
      code: 'cloud',
      name: 'Cloud',
      algorithm: 'Ed25519',
      classic_enabled: true,
      classic_order: 'images_users',
      encrypted: true,
      rebind_limit: 3,
      grace_days: 30,
    },
  },
  'license.newSigningKeyValidator': {
    typed: {
      source: 'generate',
      algorithm: 'Ed25519',
      bits: 3072,
      private_key: tls.privateKey,
      passphrase: PASSWORD,
      public_key: ssh.publicKey,
      signer_url: 'https://signer.example.com/sign',
    },
  },
  'license.renewalValidator': { typed: { expires: '2030-01-31' } },
  'license.validationValidator': { typed: { fingerprint: FINGERPRINT, product: 'cloud' } },
  'membership.updateMembershipValidator': { typed: { role: 'viewer' } },
  'move_in.moveInValidator': {
    typed: {
      addresses_file: '{"10.0.0.2": {"server_vmid": 101}}',
      ports_file: '{"20000": {}}',
      numbers_file: '{"7": 120}',
      port_pool: 'pp1',
    },
  },
  'notice.chosenNoticesValidator': { typed: { kinds: ['created'] } },
  'notice.ownMailsValidator': { typed: { token_mails: true } },
  'notice.preferenceValidator': { typed: { kinds: ['created'] } },
  'notice.tokenMailsValidator': { typed: { token_mails: true } },
  'notice.webhookValidator': {
    typed: { url: 'https://hooks.example.com/portico', kinds: ['created'] },
  },
  'old_proxmox_files.oldAddressesValidator': { typed: { '10.0.0.2': { server_vmid: 101 } } },
  'old_proxmox_files.oldNumbersValidator': { typed: { 7: 120 } },
  'old_proxmox_files.oldPortsValidator': { typed: { 20000: {} } },
  'operation.abandonOperationValidator': { typed: { reason: 'the node is gone' } },
  'organization.createOrganizationValidator': { typed: { name: 'Acme' } },
  'organization.updateOrganizationValidator': { typed: { name: 'Acme', slug: 'acme' } },
  'plan.planValidator': {
    typed: {
      name: 's1',
      description: 'small',
      kind: 'container',
      cpus: 1,
      memory_mib: 512,
      disk_gib: 10,
      ingress_mbps: 100,
      egress_mbps: 100,
      traffic_gib: 1000,
      traffic_action: 'throttle',
      throttle_mbps: 1,
      snapshot_limit: 3,
      port_forward_limit: 5,
      position: 1,
      clusters: ['c1'],
    },
    meta: { planId: 0 },
  },
  'port_forward.createPortForwardValidator': {
    typed: {
      protocol: 'tcp',
      target_port: '8000-8009',
      port: 20_000,
      pool: 'r1',
      note: 'shop',
      ...form,
    },
  },
  'port_forward.deletePortForwardsValidator': { typed: { forwards: ['f1'], ...form } },
  'port_pool.portImportValidator': { typed: { ports: '20000-20999' } },
  'port_pool.portPoolValidator': {
    typed: {
      name: 'public',
      address: '203.0.113.7',
      listen_address: '10.0.0.5',
      ports: '20000-20999',
      reserved: '20022',
    },
    meta: { clusterId: 0, poolId: 0 },
  },
  'preferences.preferencesValidator': {
    typed: { theme: 'dark', locale: 'en', return_to: '/account' },
  },
  'proof.codeValidator': { typed: { code: '123456' } },
  'proof.confirmationValidator': {
    typed: { password: PASSWORD, code: '123456', credential: CREDENTIAL },
  },
  'proof.passkeyChallengeValidator': { typed: { purpose: 'get' } },
  'proof.passkeySignInValidator': { typed: { credential: CREDENTIAL } },
  'proof.passkeyValidator': { typed: { name: 'laptop', credential: CREDENTIAL } },
  'proof.secondFactorValidator': {
    typed: { code: '123456', recovery_code: 'abcd-efgh', credential: CREDENTIAL },
  },
  'quota.updateQuotasValidator': {
    typed: {
      instances: 10,
      cpus: 20,
      memory_mib: 4096,
      disk_gib: 100,
      addresses: 10,
      port_forwards: 10,
      snapshots: 10,
      backups: 10,
      reason: 'asked for',
    },
  },
  'snapshot.confirmCopyValidator': { typed: { confirmation: NAMED, ...form } },
  'snapshot.createSnapshotValidator': { typed: { name: 'before', keep_days: 7, ...form } },
  'ssh_key.keepKeysValidator': { typed: { ssh_keys: LINE, file: LINE } },
  'ssh_key.sshKeysValidator': { typed: { ssh_keys: LINE } },
  'staff_role.staffRoleValidator': { typed: { staff_role: 'viewer' } },
  'suspension.liftForResaleValidator': { typed: { params: { reason: 'resale' } } },
  'suspension.liftSuspensionValidator': { typed: { params: { reason: 'billing' } } },
  'suspension.suspendForResaleValidator': { typed: { reason: 'resale', note: 'late' } },
  'suspension.suspendValidator': { typed: { reason: 'billing', note: 'late', ...form } },
  'usage.usageRangeValidator': { typed: { range: 'day' } },
  'user.commandUserValidator': {
    typed: { email: 'ada@example.com', name: 'Ada', staff_role: 'viewer', locale: 'en' },
  },
  'user.newUserValidator': { typed: { ...person, organization: 'Acme', staff_role: 'viewer' } },
  'user.userValidator': { typed: person },
}
