import Cluster from '#models/cluster'
import type Plan from '#models/plan'
import User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { DemoAccounts, hasDemoWorld, type Account } from '#database/demo/accounts'
import {
  fakeCluster,
  fakeFileIn,
  lxdCluster,
  plansOn,
  type LxdSettings,
} from '#database/demo/clusters'
import { DemoHistory } from '#database/demo/history'
import { DemoLicences } from '#database/demo/licences'

export type DemoWorld = {
  accounts: Account[]
  /** Where a newcomer's instances go. */
  cluster: { name: string; driver: string }
}

const LAB = 'lab'
const SANDBOX = 'sandbox'

/**
 * A small believable world in an empty database; made again, it only fills in what is missing. The fake
 * cluster `sandbox` always holds the history. Beside a real LXD it is closed for new instances, so that what
 * a newcomer creates is real.
 * @throws Error when somebody else's people are in the database
 */
export async function makeDemoWorld(options: {
  lxd: LxdSettings | null
  folder: string
  known: Account[]
}): Promise<DemoWorld> {
  return Tenant.system('make the demo world', async () => {
    await refuseRealData()
    const accounts = new DemoAccounts(options.known)
    const staff = await accounts.staff()
    const acme = await accounts.acme()
    const globex = await accounts.globex()

    const sandbox = await fakeCluster(SANDBOX, fakeFileIn(options.folder, SANDBOX))
    const lab = options.lxd ? await lxdCluster(LAB, options.lxd) : null
    const plans: Plan[] = await plansOn(lab ? [lab, sandbox] : [sandbox])
    await DemoHistory.write(sandbox, plans, { acme, globex })
    await DemoLicences.write(staff, { acme, globex })
    if (lab) await sandbox.close()
    else await Cluster.query().where('live_name', LAB).update({ closed_at: new Date() })

    const { name, driver } = lab ?? sandbox
    return { accounts: accounts.list, cluster: { name, driver } }
  })
}

async function refuseRealData(): Promise<void> {
  if ((await hasDemoWorld()) || !(await User.first())) return
  throw new Error('this database has people in it who are not of the demo world; take an empty one')
}
