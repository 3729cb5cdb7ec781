import db from '@adonisjs/lucid/services/db'
import { DoctorCheckSchema } from '#database/schema'
import type Cluster from '#models/cluster'
import { DOCTOR_CHECKS } from '#models/types'

/** Troubles of one cluster. */
export type Troubles = { fail: number; warn: number }

/** How one thing stands at one place, as the last examination found it. */
export default class DoctorCheck extends DoctorCheckSchema {
  /** In the order in which a person goes through them. */
  static async ofCluster({ id }: Pick<Cluster, 'id'>): Promise<DoctorCheck[]> {
    const checks = await DoctorCheck.query().where('cluster_id', id).orderBy('place')
    const place = ({ name }: DoctorCheck) => DOCTOR_CHECKS.indexOf(name)
    return checks.toSorted((one, other) => place(one) - place(other))
  }

  /** Of the clusters that are there, in one statement. */
  static async troubles(): Promise<Map<number, Troubles>> {
    const rows = await db
      .from('doctor_checks')
      .join('clusters', 'clusters.id', 'doctor_checks.cluster_id')
      .whereNull('clusters.removed_at')
      .whereIn('doctor_checks.state', ['fail', 'warn'])
      .groupBy('doctor_checks.cluster_id', 'doctor_checks.state')
      .select('doctor_checks.cluster_id as id', 'doctor_checks.state')
      .count('* as total')
    const troubles = new Map<number, Troubles>()
    for (const { id, state, total } of rows) {
      const known = troubles.get(id) ?? { fail: 0, warn: 0 }
      troubles.set(id, { ...known, [state as 'fail' | 'warn']: Number(total) })
    }
    return troubles
  }
}
