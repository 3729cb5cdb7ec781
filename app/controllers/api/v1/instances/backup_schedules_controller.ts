import { copySchedules } from '#controllers/api/v1/instances/copy_schedules'
import BackupPolicy from '#policies/backup_policy'

export default class BackupSchedulesController extends copySchedules('backup', BackupPolicy) {}
