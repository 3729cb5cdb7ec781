import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { FakeCluster } from '#drivers/fake/cluster'
import type Cluster from '#models/cluster'
import Image from '#models/image'
import { PRIVATE } from '#database/demo/clusters'
import Instance from '#models/instance'
import type Operation from '#models/operation'
import type Organization from '#models/organization'
import type Plan from '#models/plan'
import type User from '#models/user'
import { Tenant } from '#models/concerns/tenant'
import { runOperation } from '#operations/run_operation'

export type Tenancy = { organization: Organization; owner: User }

const TRIES = 200
const LONGEST_PAUSE_MS = 200

/**
 * What has happened on the sandbox so far: instances in several states, and an operation of each way to end.
 * Nothing is made up: every one of them is really run, against a fake cluster that is told to fail.
 */
export class DemoHistory {
  private constructor(
    private readonly cluster: Cluster,
    private readonly fake: FakeCluster,
    private readonly plans: Plan[],
    private readonly image: Image
  ) {}

  /** Once only: a sandbox on which something lives has its history. */
  static async write(
    cluster: Cluster,
    plans: Plan[],
    { acme, globex }: { acme: Tenancy; globex: Tenancy }
  ): Promise<void> {
    const has = await db.from('instances').where('cluster_id', cluster.id).first()
    if (has) return
    const image = await Image.query()
      .where('cluster_id', cluster.id)
      .whereNotNull('offered_at')
      .orderBy('id')
      .firstOrFail()
    const fake = FakeCluster.open(cluster.endpoint)
    fake.configure({ createMs: 20, powerMs: 20, destroyMs: 20 })
    const history = new DemoHistory(cluster, fake, plans, image)
    try {
      await history.of(acme)
      await history.running(globex, 'intranet', 1)
    } finally {
      fake.clearFaults()
      // From here on things take the time they would really take.
      fake.configure({ createMs: 4_000, powerMs: 800, destroyMs: 1_500 })
      fake.close()
    }
    await cluster.sync()
  }

  private async of(acme: Tenancy): Promise<void> {
    await this.running(acme, 'web-1', 1)
    await this.running(acme, 'web-2', 1)
    await this.attached(acme, await this.running(acme, 'db-1', 3))
    await this.stopped(acme, 'build-1')
    await this.deleted(acme, 'old-site')
    await this.failed(acme, 'crawler')
    await this.cancelled(acme, 'staging')
    await this.needsAttention(acme, 'archive')
  }

  private async running(tenancy: Tenancy, name: string, plan: number): Promise<Instance> {
    const { instance, operation } = await this.order(tenancy, name, plan)
    await finish(operation)
    return instance
  }

  private async attached(tenancy: Tenancy, instance: Instance): Promise<void> {
    await this.on(tenancy, instance, () =>
      instance.attachNetwork({ network: { name: PRIVATE }, by: tenancy.owner })
    )
  }

  private async stopped(tenancy: Tenancy, name: string): Promise<void> {
    const instance = await this.running(tenancy, name, 0)
    await this.on(tenancy, instance, () => instance.power('stop', tenancy.owner))
  }

  private async deleted(tenancy: Tenancy, name: string): Promise<void> {
    const instance = await this.running(tenancy, name, 0)
    await this.on(tenancy, instance, () => instance.destroy(tenancy.owner))
  }

  private async failed(tenancy: Tenancy, name: string): Promise<void> {
    const { instance, operation } = await this.order(tenancy, name, 2)
    this.fake.failNext('create', {
      ref: instance.ref,
      reason: 'unpacking the image: Disk quota exceeded',
    })
    await finish(operation)
  }

  private async cancelled(tenancy: Tenancy, name: string): Promise<void> {
    const { operation } = await this.order(tenancy, name, 1)
    await Tenant.run(operation.organizationId, () => operation.cancel(tenancy.owner))
    await finish(operation)
  }

  private async needsAttention(tenancy: Tenancy, name: string): Promise<void> {
    const { instance, operation } = await this.order(tenancy, name, 0)
    const { ref } = instance
    this.fake.failNext('start', { ref, reason: 'Failed to load TC action module' })
    this.fake.refuseNext('destroy', {
      ref,
      kind: 'invalid',
      reason: 'the volume of this instance is in use',
    })
    await finish(operation)
  }

  private order({ organization, owner }: Tenancy, name: string, plan: number) {
    return Tenant.run(organization.id, () =>
      Instance.order(organization, {
        name,
        plan: this.plans[plan]!,
        image: this.image,
        rootPassword: `demo-${this.cluster.uid}-${name}`,
        sshKeys: [],
        requestedBy: owner,
      })
    )
  }

  private async on(
    { organization }: Tenancy,
    instance: Instance,
    deed: () => Promise<Operation>
  ): Promise<void> {
    const operation = await Tenant.run(organization.id, async () => {
      await instance.refresh()
      return deed()
    })
    await finish(operation)
  }
}

/** Runs it here, as a worker would; one that runs beside us may be quicker, which is as good. */
export async function finish(operation: Operation): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const result = await Tenant.none(() => runOperation(operation.id))
    await Tenant.run(operation.organizationId, () => operation.refresh())
    if (operation.isFinal || operation.state === 'needs_attention') return
    await sleep(result.done ? LONGEST_PAUSE_MS : Math.min(result.againInMs, LONGEST_PAUSE_MS))
  }
  throw new Error(`operation ${operation.uid} of the demo world does not end: ${operation.error}`)
}
