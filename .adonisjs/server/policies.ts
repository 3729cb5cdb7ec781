export const policies = {
  InstancePolicy: () => import('#policies/instance_policy'),
  OperationPolicy: () => import('#policies/operation_policy'),
}

