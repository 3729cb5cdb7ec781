import changeKeys from '#operations/change_keys'
import adoptInstance from '#operations/adopt_instance'
import attachNetwork from '#operations/attach_network'
import createBackup from '#operations/create_backup'
import createInstance from '#operations/create_instance'
import createSnapshot from '#operations/create_snapshot'
import createPortForward from '#operations/create_port_forward'
import detachNetwork from '#operations/detach_network'
import deleteInstance from '#operations/delete_instance'
import deleteSnapshot from '#operations/delete_snapshot'
import issueLicense from '#operations/issue_license'
import deletePortForward from '#operations/delete_port_forward'
import moveInstance from '#operations/move_instance'
import powerInstance from '#operations/power_instance'
import recreateInstance from '#operations/recreate_instance'
import repairInstance from '#operations/repair_instance'
import throttleInstance from '#operations/throttle_instance'
import reinstallInstance from '#operations/reinstall_instance'
import renameInstance from '#operations/rename_instance'
import rescueInstance from '#operations/rescue_instance'
import resetRootPassword from '#operations/reset_root_password'
import resizeInstance from '#operations/resize_instance'
import restoreSnapshot from '#operations/restore_snapshot'
import suspendInstance from '#operations/suspend_instance'
import unsuspendInstance from '#operations/unsuspend_instance'
import type { OperationDefinition } from '#operations/definition'
import type { OperationType } from '#models/types'

/** Type to definition, read by the runner. Models know the type's name only, so there is no circle. */
export const operations: Record<OperationType, OperationDefinition> = {
  'instance.create': createInstance,
  'instance.power': powerInstance,
  'instance.delete': deleteInstance,
  'instance.throttle': throttleInstance,
  'license.issue': issueLicense,
  'port_forward.create': createPortForward,
  'port_forward.delete': deletePortForward,
  'instance.suspend': suspendInstance,
  'instance.unsuspend': unsuspendInstance,
  'instance.reset_password': resetRootPassword,
  'instance.reinstall': reinstallInstance,
  'instance.resize': resizeInstance,
  'snapshot.create': createSnapshot,
  'snapshot.restore': restoreSnapshot,
  'snapshot.delete': deleteSnapshot,
  'instance.rename': renameInstance,
  'instance.change_keys': changeKeys,
  'instance.adopt': adoptInstance,
  'instance.repair': repairInstance,
  'instance.recreate': recreateInstance,
  'instance.rescue': rescueInstance,
  'instance.move': moveInstance,
  'instance.attach_network': attachNetwork,
  'instance.detach_network': detachNetwork,
  'backup.create': createBackup,
}

/** Names of the steps in their order, for pages. */
export function stepNames(type: OperationType): string[] {
  return operations[type].steps.map((step) => step.name)
}
