import type { ComputeDriver, InstanceSpec, PowerAction } from '#drivers/contract'
import { record, text } from '#drivers/json'
import { at, type LxdClient } from '#drivers/lxd/client'
import { driverFor } from '#drivers/registry'
import { settle } from '#drivers/settle'
import { removeAll } from '#tests/drivers/conformance'
import type { LxdLabNode } from '#tests/support/lxd_lab'

/** Instances of one test on one node, removed after it whatever happened. */
export function workbench(node: LxdLabNode) {
  const made: InstanceSpec[] = []
  let driver: ComputeDriver
  let client: LxdClient
  return {
    get driver() {
      return driver
    },
    get client() {
      return client
    },
    async open(settings: Record<string, unknown> = {}) {
      driver = await driverFor(node.connection({ settings }))
      client = node.client({ settings })
    },
    /** Before its network goes. */
    async removeMade() {
      await removeAll(driver, made.splice(0))
    },
    async close() {
      await this.removeMade().finally(async () => {
        client.close()
        await driver.close()
      })
    },
    async order(changes: Partial<InstanceSpec> = {}) {
      const spec = await node.spec(changes)
      made.push(spec)
      return spec
    },
    async make(changes?: Partial<InstanceSpec>) {
      const spec = await this.order(changes)
      await settle(driver, await driver.instances.create(spec))
      return spec
    },
    async makeRunning(changes?: Partial<InstanceSpec>) {
      const spec = await this.make(changes)
      await this.power(spec.ref, 'start')
      return spec
    },
    async power(ref: string, action: PowerAction) {
      await settle(driver, await driver.instances.power(ref, action), { holdMs: 60_000 })
    },
    /** What an operator does by hand; answers what went wrong, null when nothing did. */
    async raw(method: string, path: string, json: unknown) {
      const { operationId } = await client.request(method, path, { body: { json } })
      if (operationId === null) return null
      const { metadata } = await client.get(at('operations', operationId, 'wait'), {
        query: { timeout: '60' },
        timeoutMs: 70_000,
      })
      return text(record(metadata).err)
    },
  }
}
