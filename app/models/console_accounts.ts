import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import type { ComputeDriver, ConsoleAccountApi } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { ClusterCannot, ConsoleAccountsRefused } from '#exceptions/domain_error'
import type Cluster from '#models/cluster'
import { chunked } from '#models/concerns/sql'

/** Accounts of a cluster for the consoles of its instances, one for each, where its owner wants them. */
export class ConsoleAccounts {
  constructor(private readonly cluster: Cluster) {}

  /**
   * From now on instances get one; those that are there get theirs when a console is opened.
   * @throws ClusterCannot, ConsoleAccountsRefused when they could not be made
   */
  async switchOn(): Promise<void> {
    await this.use((accounts) => accounts.check()).catch((error) => {
      if (!(error instanceof DriverError)) throw error
      throw new ConsoleAccountsRefused({ reason: error.message }, { cause: error })
    })
    await this.set(true)
  }

  /** Those that are there go with the next comparison of the cluster, or at once where that is possible. */
  async switchOff(): Promise<void> {
    await this.set(false)
    await this.tidy()
  }

  /** Removes those that no instance needs; of others' instances it knows nothing. Tells how many there were. */
  async tidy(): Promise<number> {
    try {
      return await this.use(async (accounts) => {
        const left = await this.left(accounts)
        for (const uid of left) await accounts.withdraw(uid)
        return left.length
      })
    } catch (error) {
      if (error instanceof ClusterCannot) return 0
      if (!(error instanceof DriverError)) throw error
      logger.warn({ cluster: this.cluster.uid, err: error }, 'accounts of consoles were not tidied')
      return 0
    }
  }

  /** By an open driver: how many there are, and how many of them should not be. */
  async count(accounts: ConsoleAccountApi): Promise<{ kept: number; left: number }> {
    const stamps = await accounts.stamps()
    const left = await this.left(accounts, stamps)
    const known = await this.ofInstances(stamps, () => true)
    return { kept: known.length - left.length, left: left.length }
  }

  private async left(accounts: ConsoleAccountApi, stamps?: string[]): Promise<string[]> {
    const all = stamps ?? (await accounts.stamps())
    return this.ofInstances(
      all,
      ({ deleted_at: deletedAt }) => !accounts.isOn || deletedAt !== null
    )
  }

  /** Of these, those that are our instances' here: another Portico may have its own on the same cluster. */
  private async ofInstances(
    stamps: string[],
    isMeant: (row: { deleted_at: unknown }) => boolean
  ): Promise<string[]> {
    const found: string[] = []
    for (const some of chunked(stamps)) {
      const rows = await db
        .from('instances')
        .where('cluster_id', this.cluster.id)
        .whereIn('uid', some)
        .select('uid', 'deleted_at')
      found.push(...rows.filter(isMeant).map(({ uid }) => uid as string))
    }
    return found
  }

  private set(consoleAccounts: boolean): Promise<void> {
    return this.cluster.change({ settings: { ...this.cluster.settings, consoleAccounts } })
  }

  private async use<Result>(work: (accounts: ConsoleAccountApi) => Promise<Result>) {
    const driver: ComputeDriver = await this.cluster.openDriver()
    try {
      if (!driver.consoleAccounts) throw new ClusterCannot()
      return await work(driver.consoleAccounts)
    } finally {
      await driver.close()
    }
  }
}
