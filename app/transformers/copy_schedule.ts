import type CopySchedule from '#models/copy_schedule'
import type Instance from '#models/instance'
import { COPY_RHYTHMS } from '#models/types'
import type { Refusal } from '#transformers/instance_refusals'

/** The schedules of one kind of copy, and what may be chosen for another. Needs `cluster` of the instance. */
export function copySchedules(
  instance: Instance,
  schedules: CopySchedule[],
  { path, mostKept, refusal }: { path: string; mostKept: number; refusal: Refusal }
) {
  return {
    path,
    refusal,
    mostKept,
    zone: instance.cluster.timeZone,
    rhythms: COPY_RHYTHMS,
    set: schedules.map(({ uid, rhythm, keep, nextAt, refusal: refused }) => ({
      path: `${path}/${uid}`,
      rhythm,
      keep,
      nextAt,
      /** The key of the text that tells why its last turn was passed over. */
      refused: refused && `errors.${refused}`,
    })),
  }
}
