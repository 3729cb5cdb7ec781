export const policies = {
  BackupPolicy: () => import('#policies/backup_policy'),
  BatchPolicy: () => import('#policies/batch_policy'),
  BillingKeyPolicy: () => import('#policies/billing_key_policy'),
  InstancePolicy: () => import('#policies/instance_policy'),
  InterfacePolicy: () => import('#policies/interface_policy'),
  InvitationPolicy: () => import('#policies/invitation_policy'),
  LicensePolicy: () => import('#policies/license_policy'),
  MembershipPolicy: () => import('#policies/membership_policy'),
  NoticePolicy: () => import('#policies/notice_policy'),
  OperationPolicy: () => import('#policies/operation_policy'),
  OrganizationPolicy: () => import('#policies/organization_policy'),
  PortForwardPolicy: () => import('#policies/port_forward_policy'),
  SnapshotPolicy: () => import('#policies/snapshot_policy'),
  StaffPolicy: () => import('#policies/staff_policy'),
}

