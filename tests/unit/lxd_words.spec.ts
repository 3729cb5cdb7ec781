import { test } from '@japa/runner'
import { explain, fromRefusal } from '#drivers/lxd/errors'
import { parseInstance, toRemoteInstance } from '#drivers/lxd/instance'
import { bandwidth, bytesOf, cpusOf, mbpsOf } from '#drivers/lxd/sizes'

/** Sentences of real daemons; what a spec can bring about is also asked of one in tests/drivers/lxd.spec.ts. */
test.group('What LXD says', () => {
  test('{kind}: {said}')
    .with([
      {
        said: 'Failed creating instance record: Add instance info to the database: This "instances" entry already exists',
        kind: 'already_exists',
      },
      {
        said: 'Failed start validation for device "eth0": IP address "10.87.5.40" already defined on another NIC',
        kind: 'already_exists',
      },
      { said: 'Image not provided for instance creation', kind: 'not_found' },
      {
        said: 'Failed creating instance record: Failed initialising instance: Failed loading storage pool: Storage pool not found',
        kind: 'not_found',
      },
      {
        said: 'Failed creating instance record: Failed initialising instance: Invalid devices: Device validation failed for "eth0": Failed loading device "eth0": Failed to load network "nope" for project "default": Network not found',
        kind: 'not_found',
      },
      {
        said: 'Device validation failed for "eth0": Device IP address "10.9.9.9" not within network "lxdbr4" subnet',
        kind: 'invalid',
      },
      { said: 'Invalid instance name: Name must not start with a number', kind: 'invalid' },
      { said: 'Invalid CPU limit syntax', kind: 'invalid' },
      {
        said: 'Requested image\'s type "container" doesn\'t match instance type "virtual-machine"',
        kind: 'invalid',
      },
      { said: 'Instance is not running', kind: 'invalid' },
      {
        said: 'Failed creating instance from image: Failed to run: btrfs qgroup limit -e none 0/275 /var/lib/lxd/storage-pools/default/containers/x: exit status 1 (ERROR: unable to limit requested quota group: Disk quota exceeded)',
        kind: 'invalid',
      },
      {
        said: 'Failed to run: zfs set quota=1048576 tank/containers/x: cannot set property: size is less than current used or reserved space',
        kind: 'invalid',
      },
      { said: 'setting cgroup item for the container failed', kind: 'invalid' },
      {
        said: 'Failed to run: tc filter add dev veth1 parent ffff:0 protocol all u32 match u32 0 0 police rate 20000000bit: exit status 2 (Error: Failed to load TC action module.)',
        kind: 'unsupported',
      },
      {
        said: 'Failed checking if instance creation allowed: Reached maximum aggregate value 4GiB for "limits.memory" in project acme',
        kind: 'out_of_capacity',
      },
      { said: 'write /rootfs/usr/bin/x: no space left on device', kind: 'out_of_capacity' },
      { said: 'not authorized', kind: 'unauthorized' },
      { said: 'Failed to begin transaction: sql: database is closed', kind: 'busy' },
      {
        said: 'Failed to create instance delete operation: A matching non-reusable operation has now succeeded',
        kind: 'busy',
      },
      { said: 'The instance is already running', kind: 'busy' },
      {
        said: 'Failed shutting down instance, status is "Running": context deadline exceeded',
        kind: 'task_failed',
      },
      { said: "ETag doesn't match: b04b vs cb3d", kind: 'busy' },
    ] as const)
    .run(({ assert }, { said, kind }) => {
      assert.include(explain(said), { kind })
    })

  test('a sentence nobody knows is kept, short, without a kind', ({ assert }) => {
    const { kind, reason } = explain(`Something  odd\nhappened ${'x'.repeat(1_000)}`)
    assert.isUndefined(kind)
    assert.match(reason, /^Something odd happened x+…$/)
    assert.isBelow(reason.length, 320)
    assert.isNotEmpty(explain('').reason)
  })

  test('the missing police action is told in words an operator can act on', ({ assert }) => {
    const { reason } = explain('Error: Failed to load TC action module.')
    assert.match(reason, /kernel/)
    assert.match(reason, /egress/)
  })

  test('a refusal keeps what LXD said as its cause', ({ assert }) => {
    const error = fromRefusal(500, 'something odd')
    assert.equal(error.kind, 'task_failed')
    assert.match(String(error.cause), /LXD answered 500: something odd/)
  })
})

test.group('LXD sizes', () => {
  test('amounts are read in every unit LXD writes', ({ assert }) => {
    assert.equal(bytesOf('512MiB'), 512 * 2 ** 20)
    assert.equal(bytesOf('1.5GiB'), 1.5 * 2 ** 30)
    assert.equal(bytesOf('10GB'), 10e9)
    assert.equal(bytesOf('1048576'), 2 ** 20)
    assert.equal(bytesOf('50%'), 0)
    assert.equal(bytesOf(undefined), 0)
    assert.equal(mbpsOf('20Mbit'), 20)
    assert.equal(mbpsOf('1Gbit'), 1_000)
    assert.equal(mbpsOf('1500kbit'), 2)
    assert.isNull(mbpsOf(undefined))
  })

  test('processors are counted, also when they are pinned', ({ assert }) => {
    assert.equal(cpusOf('4'), 4)
    assert.equal(cpusOf('0-3'), 4)
    assert.equal(cpusOf('1,3,5-6'), 4)
    assert.equal(cpusOf(undefined), 0)
  })

  test('no limit is no key, not a key without a value', ({ assert }) => {
    const size = { cpus: 1, memoryMib: 512, diskGib: 10 }
    assert.deepEqual(bandwidth({ ...size, ingressMbps: null, egressMbps: 20 }), {
      'limits.egress': '20Mbit',
    })
  })
})

test.group('An LXD instance', () => {
  const instance = (changes: object) =>
    toRemoteInstance(
      parseInstance({
        name: 'web-1',
        status: 'Stopped',
        type: 'container',
        location: 'none',
        last_used_at: '1970-01-01T00:00:00Z',
        expanded_config: { 'user.portico.stamp': 'i7' },
        expanded_devices: {},
        ...changes,
      }),
      'lab'
    )

  test('that was never made to its end is incomplete when it is ours, and stopped when it is not', ({
    assert,
  }) => {
    assert.include(instance({}), { power: 'unknown', vendorState: 'Incomplete' })
    assert.include(instance({ expanded_config: {} }), { power: 'stopped', stamp: null })
    const made = { 'user.portico.stamp': 'i7', 'volatile.apply_template': 'create' }
    assert.include(instance({ expanded_config: made }), { power: 'stopped' })
    assert.include(instance({ last_used_at: '2026-11-21T10:16:41Z' }), { power: 'stopped' })
  })

  test('without limits tells none, and limits of its profile as its own', ({ assert }) => {
    const none = { cpus: 0, memoryMib: 0, diskGib: 0, ingressMbps: null, egressMbps: null }
    assert.deepEqual(instance({}).size, none)
    const { size } = instance({
      expanded_config: { 'limits.memory': '1GB' },
      expanded_devices: {
        disk: { type: 'disk', path: '/', size: '8GiB' },
        net: { 'type': 'nic', 'limits.max': '10Mbit' },
      },
    })
    assert.deepEqual(size, { cpus: 0, memoryMib: 954, diskGib: 8, ingressMbps: 10, egressMbps: 10 })
  })

  test('in a state that passes is neither running nor stopped', ({ assert }) => {
    for (const status of ['Starting', 'Stopping', 'Error', '']) {
      assert.equal(instance({ status }).power, 'unknown')
    }
    assert.equal(
      instance({ status: 'Ready', last_used_at: '2026-11-21T10:16:41Z' }).power,
      'running'
    )
  })

  test('tells the addresses of all its cards that lead outside', ({ assert }) => {
    const card = (...addresses: object[]) => ({ addresses })
    const { addresses } = instance({
      state: {
        network: {
          lo: card({ family: 'inet', address: '127.0.0.1', scope: 'local' }),
          eth0: card(
            { family: 'inet', address: '10.87.1.20', scope: 'global' },
            { family: 'inet6', address: 'fd42::20', scope: 'global' },
            { family: 'inet6', address: 'fe80::1', scope: 'link' }
          ),
        },
      },
    })
    assert.deepEqual(addresses, [
      { family: 4, address: '10.87.1.20' },
      { family: 6, address: 'fd42::20' },
    ])
  })

  test('of a member of a cluster names its member, else the server', ({ assert }) => {
    assert.equal(instance({ location: 'member-2' }).node, 'member-2')
    assert.equal(instance({}).node, 'lab')
  })
})
