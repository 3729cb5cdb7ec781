import type CopySchedule from '#models/copy_schedule'

export function apiCopySchedule(schedule: CopySchedule) {
  return {
    uid: schedule.uid,
    rhythm: schedule.rhythm,
    keep: schedule.keep,
    hour: schedule.hour,
    weekday: schedule.weekday,
    next_at: schedule.nextAt.toISO(),
    /** The code of what stood in the way of its last turn. */
    refused: schedule.refusal,
  }
}
