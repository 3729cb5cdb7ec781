import { readFile } from 'node:fs/promises'
import { errors } from '@vinejs/vine'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { DomainError } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import { MoveIn } from '#models/move_in'
import PortPool from '#models/port_pool'
import User from '#models/user'
import { closeQueues } from '#services/queue'
import {
  oldAddressesValidator,
  oldNumbersValidator,
  oldPortsValidator,
} from '#validators/old_proxmox_files'

export default class ClusterMoveIn extends BaseCommand {
  static override commandName = 'cluster:move-in'
  static override description = 'Take over the guests and ports of the old module for Proxmox VE'
  static override help = [
    'Guests of ip_pool.json are adopted where the cluster has them with the address that stands there.',
    'Ports of port_pool.json are reserved in a pool: the rules of the old module go on carrying them.',
    'vmid.json tells where the range of numbers should begin. A second run does only what is missing.',
  ]
  static override options: CommandOptions = { startApp: true }

  @args.string({ description: 'Name of the cluster' })
  declare name: string

  @flags.string({ description: 'E-mail of the administrator in whose name it is done' })
  declare by?: string

  @flags.string({ description: 'ip_pool.json' })
  declare addresses?: string

  @flags.string({ description: 'port_pool.json' })
  declare ports?: string

  @flags.string({ description: 'Name of the port pool that the ports belong to' })
  declare portPool?: string

  @flags.string({ description: 'vmid.json' })
  declare numbers?: string

  override prepare() {
    // Guests are stamped by the workers, who are told through the queue.
    this.app.terminating(() => closeQueues())
  }

  override async run() {
    const cluster = await Cluster.findBy('liveName', this.name)
    const by = await User.findByEmail(this.by ?? '')
    if (!cluster || !by?.isStaffOf('admin')) {
      return this.fail('the name must be that of a cluster, --by the e-mail of an administrator')
    }
    try {
      // All files are read before anything is done.
      const addresses =
        this.addresses && (await oldAddressesValidator.validate(await json(this.addresses)))
      const ports = this.ports && (await oldPortsValidator.validate(await json(this.ports)))
      const numbers = this.numbers && (await oldNumbersValidator.validate(await json(this.numbers)))
      const moveIn = new MoveIn(cluster)
      if (ports) await this.reserve(moveIn, cluster, Object.keys(ports).map(Number))
      if (addresses) this.tell(await moveIn.guests(addresses, by))
      const next = Math.max(...Object.values(numbers || {}))
      if (numbers) this.logger.info(`the range of the cluster's numbers should begin at ${next}`)
    } catch (error) {
      this.refuse(error)
    }
  }

  private async reserve(moveIn: MoveIn, cluster: Cluster, given: number[]): Promise<void> {
    const pool = await PortPool.query()
      .where({ cluster_id: cluster.id, name: this.portPool ?? '' })
      .first()
    if (!pool) return this.fail('--port-pool must be the name of a port pool of this cluster')
    this.logger.success(`ports: reserved are ${await moveIn.ports(pool, given)}`)
  }

  private tell({ adopted, known, refused }: Awaited<ReturnType<MoveIn['guests']>>): void {
    this.logger.success(
      `guests: ${adopted.length} adopted, ${known.length} known, ${refused.length} refused`
    )
    for (const { ref, why } of refused) this.fail(`guest ${ref}: ${why}`)
  }

  private refuse(error: unknown): void {
    if (error instanceof errors.E_VALIDATION_ERROR) {
      const messages = error.messages as { field: string; message: string }[]
      for (const { field, message } of messages) this.fail(`${field}: ${message}`)
    } else if (error instanceof DomainError || error instanceof SyntaxError) {
      this.fail(error.message)
    } else {
      throw error
    }
  }

  private fail(saying: string): void {
    this.logger.error(saying)
    this.exitCode = 1
  }
}

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'))
}
