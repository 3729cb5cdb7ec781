import { DateTime } from 'luxon'
import { setTimeout as sleep } from 'node:timers/promises'
import { macFor } from '#addressing/mac'
import { holdMs } from '#config/operations'
import type { InstanceSpec, RemoteInstance } from '#drivers/contract'
import { DriverError } from '#drivers/errors'
import { WaitLonger } from '#drivers/settle'
import Address from '#models/address'
import Image from '#models/image'
import type Instance from '#models/instance'
import Node from '#models/node'
import OneTimeSecret from '#models/one_time_secret'
import type { StepContext } from '#operations/definition'
import { provideConsoleAccount } from '#operations/steps/console_account'

/** Whatever makes a guest from an image knows these. */
export type Credentials = { secretId: number; sshKeys: string[] }

/** How long a guest may take until it carries its address. */
const VERIFY_MS = 90_000

/** Has the cluster make it, stopped, with the addresses that are leased for it. */
export async function build<Input>(
  context: StepContext<Input>,
  body: Pick<Instance, 'ref' | 'imageId'>
): Promise<void> {
  const { driver, settle } = context
  await settle(await driver.instances.create(await specOf(context, body)))
}

/** What the cluster is to make. */
export async function specOf<Input>(
  { input, instance, cluster, driver }: StepContext<Input>,
  { ref, imageId }: Pick<Instance, 'ref' | 'imageId'>
): Promise<InstanceSpec> {
  const image = await Image.findOrFail(imageId)
  const node = instance.nodeId ? await Node.findOrFail(instance.nodeId) : null
  const addresses = await Address.query()
    .where('instance_id', instance.id)
    .whereNull('interface_id')
    .preload('addressPool')
    .orderBy('family')
  const ipv4 = addresses.find(({ family }) => family === 4)
  return {
    ref,
    stamp: instance.uid,
    kind: instance.kind,
    node: node?.ref ?? null,
    image: image.ref,
    size: instance.size,
    storagePool: cluster.settings.storagePool ?? 'default',
    network: addresses[0]?.addressPool.network ?? 'default',
    addresses: addresses.map(({ family, address, addressPool }) => ({
      family,
      address,
      prefixLength: addressPool.prefixLength,
      gateway: addressPool.gateway,
    })),
    nameservers: addresses[0]?.addressPool.nameserverList ?? [],
    macAddress: instance.macAddress ?? (ipv4 ? macFor(ipv4.addressKey) : null),
    ...(!driver.credentials && { access: await accessOf(input as Partial<Credentials>) }),
  }
}

/** Read when it is needed, from where it is sealed: it stands in no input and in no log. */
async function accessOf({
  secretId,
  sshKeys,
}: Partial<Credentials>): Promise<InstanceSpec['access']> {
  if (!secretId) return undefined
  const secret = await OneTimeSecret.findOrFail(secretId)
  return { rootPassword: secret.value(), sshKeys: sshKeys ?? [] }
}

export async function setCredentials<Input extends Credentials>(
  context: StepContext<Input>
): Promise<void> {
  const { input, instance, driver } = context
  await driver.hostName?.set(instance.ref, instance.name)
  await provideConsoleAccount(context)
  if (!driver.credentials) return
  const secret = await OneTimeSecret.findOrFail(input.secretId)
  await driver.credentials.setRootPassword(instance.ref, secret.value())
  if (input.sshKeys.length > 0) {
    await driver.credentials.authorizeKeys(instance.ref, input.sshKeys)
  }
}

/** It runs and carries the addresses that were reserved for it: somebody can reach it. */
export async function verify<Input>(
  { operation, instance, driver, signal }: StepContext<Input>,
  step = 'verify'
): Promise<void> {
  const wanted = await Address.query()
    .where('instance_id', instance.id)
    .where('family', 4)
    .whereNull('interface_id')
  const begun = operation.steps.find(({ name }) => name === step)!.startedAt
  const hold = Date.now() + holdMs
  for (let pauseMs = 40; ; pauseMs = Math.min(pauseMs * 1.2, 1_000)) {
    const remote = await driver.instances.find(instance.ref)
    if (!remote) throw new DriverError('task_failed', 'the instance disappeared while it started')
    const carried = new Set(remote.addresses.map(({ address }) => address))
    if (remote.power === 'running' && wanted.every(({ address }) => carried.has(address))) {
      instance.powerState = 'running'
      instance.wantedPower = 'running'
      instance.macAddress = remote.macAddress
      instance.observedAt = DateTime.utc()
      await instance.save()
      return
    }
    if (remote.power === 'stopped') {
      throw new DriverError('task_failed', 'the instance stopped by itself right after its start')
    }
    if (Date.now() > Date.parse(begun) + VERIFY_MS) throw unreachable(remote)
    if (Date.now() > hold) throw new WaitLonger(2_000)
    await sleep(pauseMs, undefined, { signal })
  }
}

function unreachable({ addresses }: RemoteInstance): DriverError {
  const [other] = addresses.filter(({ family }) => family === 4)
  return new DriverError(
    'task_failed',
    other
      ? `the network gave the instance ${other.address} and not the address that was reserved for it`
      : 'the instance started, but its network did not come up'
  )
}
