import { copySchedules } from '#controllers/instances/copy_schedules'
import SnapshotPolicy from '#policies/snapshot_policy'

export default class SnapshotSchedulesController extends copySchedules(
  'snapshot',
  SnapshotPolicy
) {}
