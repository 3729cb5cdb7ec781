import { copySchedules } from '#controllers/instances/copy_schedules'
import BackupPolicy from '#policies/backup_policy'

export default class BackupSchedulesController extends copySchedules('backup', BackupPolicy) {}
