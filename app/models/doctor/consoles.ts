import type { ComputeDriver } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import type Cluster from '#models/cluster'
import { ConsoleAccounts } from '#models/console_accounts'
import { verdict, type Verdict } from '#models/doctor/verdict'

/** Accounts for the consoles of single instances, where the cluster has such. */
export async function consoleAccounts(cluster: Cluster, driver: ComputeDriver): Promise<Verdict[]> {
  const accounts = driver.consoleAccounts
  if (!accounts) return []
  try {
    const { kept, left } = await new ConsoleAccounts(cluster).count(accounts)
    if (accounts.isOn) await accounts.check()
    if (left > 0) return [verdict('console_accounts_warn', { count: left })]
    if (!accounts.isOn) return [verdict('console_accounts_ok_off')]
    return [verdict('console_accounts_ok', { count: kept })]
  } catch (error) {
    if (!(error instanceof DriverError) || error.retryable) throw error
    return [verdict('console_accounts_fail', { detail: error.message.slice(0, 300) })]
  }
}
