import { test } from '@japa/runner'
import type { TestContext } from '@japa/runner/core'
import { ROUTES } from '#tests/support/simulators/proxmox/routes/index'
import { differences } from '#tests/support/simulators/proxmox/schema'
import { ProxmoxSimulator, type NodeWish } from '#tests/support/simulators/proxmox/simulator'
import { METHODS } from '#tests/support/simulators/proxmox/tables/index'
import { Visitor } from '#tests/support/simulators/proxmox/visitor'

const TEMPLATE = 'local:vztmpl/debian-12-standard_12.11-1_amd64.tar.zst'
const LXC = '/nodes/pve1/lxc'
const CREATE = 'POST /nodes/{node}/lxc'
const ORDER = {
  ostemplate: TEMPLATE,
  rootfs: 'tank:2',
  unprivileged: 1,
  net0: 'name=eth0,bridge=vmbr0,ip=10.0.0.9/24',
}

async function cluster({ cleanup }: TestContext, nodes?: readonly NodeWish[]) {
  const pve = await ProxmoxSimulator.start({ nodes })
  cleanup(() => pve.close())
  return { pve, visitor: new Visitor(pve) }
}

/** A cluster with one container, 100. */
async function withGuest(context: TestContext, changes: Record<string, string | number> = {}) {
  const made = await cluster(context)
  await made.visitor.done(made.visitor.post(LXC, { vmid: 100, ...ORDER, ...changes }))
  return { ...made, guest: made.pve.cluster.guests.get(100)! }
}

test.group('Proxmox simulator | requests', () => {
  test('every call of the tables has its answer, and every answer its table', ({ assert }) => {
    assert.sameMembers(Object.keys(ROUTES), Object.keys(METHODS))
  })

  test('names what is wrong with each parameter', async (context) => {
    const { assert } = context
    const { pve, visitor } = await cluster(context)
    const wrong = { vmid: 50, ostemplate: TEMPLATE, hostname: 'bad_host', memory: 8, bogus: 1 }
    const { status, reason, errors } = await visitor.post(LXC, {
      ...wrong,
      net0: 'name=eth0,ip=10.0.0.1',
    })

    assert.equal(`${status} ${reason}`, '400 Parameter verification failed.')
    assert.deepEqual(errors, {
      vmid: 'invalid format - value does not look like a valid VM ID\n',
      hostname: 'invalid format - value does not look like a valid DNS name\n',
      memory: 'value must have a minimum value of 16',
      bogus:
        'property is not defined in schema and the schema does not allow additional properties',
      net0: 'invalid format - format error\nnet0.ip: invalid format - value does not look like a valid ipv4 network configuration\n\n',
    })
    assert.lengthOf(pve.invalidRequests, 1)
  })

  test('loses what stands behind an equals sign that is not escaped', async (context) => {
    const { visitor } = await withGuest(context)
    const { errors } = await visitor.call('PUT', `${LXC}/100/config`, 'features=nesting=1')

    context.assert.match(errors!.features!, /value without key/)
  })

  test('takes JSON as well as a form', async (context) => {
    const { visitor, guest } = await withGuest(context)
    const body = JSON.stringify({ description: 'böd = ü & 中文', onboot: true })
    await visitor.call('PUT', `${LXC}/100/config`, body, 'application/json')

    context.assert.equal(guest.config.description, 'böd = ü & 中文')
    context.assert.equal(guest.config.onboot, '1')
  })
})

test.group('Proxmox simulator | who may', () => {
  test('knows nobody without a token, and nobody with one that ended', async (context) => {
    const { pve, visitor } = await cluster(context)
    const nobody = await new Visitor(pve, {}).get('/version')
    pve.expireToken()
    const late = await visitor.get('/version')

    context.assert.equal(`${nobody.status} ${nobody.reason}`, '401 No ticket')
    context.assert.equal(`${late.status} ${late.reason}`, '401 Authentication failed!')
  })

  test('wants its own proof beside a ticket before it changes anything', async (context) => {
    const { assert } = context
    const { pve, visitor } = await cluster(context)
    const { data } = await visitor.post('/access/ticket', {
      username: pve.username,
      password: pve.password,
    })
    const { ticket, CSRFPreventionToken: csrf } = data as Record<string, string>
    const cookie = `PVEAuthCookie=${encodeURIComponent(ticket!)}`
    const order = { vmid: 100, ...ORDER }

    const refused = await new Visitor(pve, { cookie }).post(LXC, order)
    const taken = await new Visitor(pve, { cookie, csrf }).post(LXC, order)
    const renewed = await visitor.post('/access/ticket', {
      username: pve.username,
      password: ticket!,
    })
    pve.expireTickets()
    const late = await new Visitor(pve, { cookie }).get('/version')

    assert.equal(refused.reason, 'Permission denied - invalid csrf token')
    assert.equal(taken.status, 200)
    assert.equal(renewed.status, 200)
    assert.equal(late.status, 401)
  })

  test('a user of one container sees it, and nothing else', async (context) => {
    const { assert } = context
    const { pve, visitor } = await withGuest(context)
    pve.place(101)
    const login = { username: 'c1@pve', password: 'long-enough' }
    await visitor.post('/access/users', { userid: login.username, password: login.password })
    const role = { path: '/vms/100', users: login.username, roles: 'PVEVMUser' }
    await visitor.put('/access/acl', role)
    const { data } = await visitor.post('/access/ticket', login)
    const { ticket } = data as { ticket: string }
    const user = new Visitor(pve, { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` })

    const listed = (await user.get(LXC)).data as { vmid: number }[]
    assert.deepEqual(
      listed.map(({ vmid }) => vmid),
      [100]
    )
    const other = await user.get(`${LXC}/101/config`)
    assert.equal(
      `${other.status} ${other.reason}`,
      '403 Permission check failed (/vms/101, VM.Audit)'
    )

    await visitor.delete('/access/users/c1%40pve')
    assert.isEmpty(pve.cluster.access.entries.filter(({ ugid }) => ugid === login.username))
  })

  test('only root changes features other than nesting', async (context) => {
    const { visitor } = await cluster(context)
    const { status, reason } = await visitor.post(LXC, {
      vmid: 100,
      ...ORDER,
      features: 'nesting=1,fuse=1',
    })

    context.assert.equal(status, 403)
    context.assert.include(reason, 'changing feature flags (except nesting)')
  })
})

test.group('Proxmox simulator | containers', () => {
  test('a container is made in its time, and carries no mark before', async (context) => {
    const { assert } = context
    const { pve, visitor } = await cluster(context)
    pve.stallTask('vzcreate')
    const { data: upid } = await visitor.post(LXC, {
      vmid: 100,
      ...ORDER,
      tags: 'Portico;b',
      start: 1,
    })
    const during = (await visitor.get(`${LXC}/100/config`)).data as Record<string, unknown>
    pve.release()

    assert.equal(await visitor.end(upid), 'OK')
    assert.sameMembers(Object.keys(during), ['lock', 'digest'])
    const config = (await visitor.get(`${LXC}/100/config`)).data as Record<string, unknown>
    assert.include(config, { tags: 'b;portico', memory: 512, unprivileged: 1 })
    assert.match(
      String(config.net0),
      /^name=eth0,bridge=vmbr0,hwaddr=BC:24:11(?::[0-9A-F]{2}){3},ip=.*,type=veth$/
    )
    assert.equal(config.rootfs, 'tank:100/vm-100-disk-0.raw,size=2G')
    const status = (await visitor.get(`${LXC}/100/status/current`)).data
    assert.include(status as object, { status: 'running', maxdisk: 2 * 2 ** 30 })
  })

  test('one of several that want the same id gets it', async (context) => {
    const { pve, visitor } = await cluster(context)
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => visitor.post(LXC, { vmid: 100, ...ORDER }))
    )

    context.assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 500, 500, 500])
    pve.takeMeanwhile(1)
    const stranger = await visitor.post(LXC, { vmid: 101, ...ORDER })
    context.assert.equal(stranger.reason, "CT 101 already exists on node 'pve1'")
  })

  test('a create that fails leaves nothing', async (context) => {
    const { assert } = context
    const { pve, visitor } = await cluster(context)
    const nope = { vmid: 100, ...ORDER, ostemplate: 'local:vztmpl/nope.tar.zst' }
    const failed = await visitor.done(visitor.post(LXC, nope))
    const full = await visitor.done(visitor.post(LXC, { vmid: 101, ...ORDER, rootfs: 'tank:5000' }))
    pve.stallTask('vzcreate')
    const { data: upid } = await visitor.post(LXC, { vmid: 102, ...ORDER })
    await visitor.delete(`/nodes/pve1/tasks/${encodeURIComponent(String(upid))}`)

    assert.include(failed, "volume 'local:vztmpl/nope.tar.zst' does not exist")
    assert.include(full, 'out of space')
    assert.match(await visitor.end(upid), /received interrupt$/)
    assert.equal(pve.cluster.guests.size, 0)
  })

  test('a digest guards the configuration, and a lock keeps everybody out', async (context) => {
    const { assert } = context
    const { visitor, guest } = await withGuest(context)
    const { digest } = guest
    await visitor.put(`${LXC}/100/config`, { memory: 1_024, digest })
    const second = await visitor.put(`${LXC}/100/config`, { memory: 2_048, digest })
    guest.lock = 'backup'

    assert.include(second.reason, 'detected modified configuration')
    assert.equal(guest.config.memory, '1024')
    assert.equal(
      (await visitor.put(`${LXC}/100/config`, { memory: 512 })).reason,
      'CT is locked (backup)'
    )
    assert.equal((await visitor.delete(`${LXC}/100`)).reason, 'CT is locked (backup)')
    const started = await visitor.done(visitor.post(`${LXC}/100/status/start`))
    assert.equal(started, 'CT is locked (backup)')
  })

  test('a missing bridge is found when it starts', async (context) => {
    const { visitor } = await withGuest(context, { net0: 'name=eth0,bridge=vmbr9' })
    const outcome = await visitor.done(visitor.post(`${LXC}/100/status/start`))

    context.assert.equal(outcome, "bridge 'vmbr9' does not exist")
  })

  test('one that does not listen is shut down by force, or not at all', async (context) => {
    const { visitor, guest } = await withGuest(context, { start: 1 })
    guest.ignoresShutdown = true
    const shutdown = `${LXC}/100/status/shutdown`
    const refused = await visitor.done(visitor.post(shutdown, { timeout: 0 }))

    context.assert.equal(refused, 'container did not stop')
    context.assert.isTrue(guest.isRunning)
    context.assert.equal(
      await visitor.done(visitor.post(shutdown, { timeout: 0, forceStop: 1 })),
      'OK'
    )
    context.assert.isFalse(guest.isRunning)
  })

  test('snapshots grow as a tree, and a rollback leaves it stopped', async (context) => {
    const { assert } = context
    const { visitor, guest } = await withGuest(context, { start: 1 })
    for (const snapname of ['one', 'two']) {
      await visitor.done(visitor.post(`${LXC}/100/snapshot`, { snapname, description: 'why' }))
    }
    await visitor.put(`${LXC}/100/config`, { memory: 1_024 })
    await visitor.done(visitor.post(`${LXC}/100/snapshot/one/rollback`))
    await visitor.done(visitor.post(`${LXC}/100/snapshot`, { snapname: 'three' }))

    const tree = (await visitor.get(`${LXC}/100/snapshot`)).data as {
      name: string
      parent?: string
    }[]
    assert.deepEqual(
      tree.map(({ name, parent }) => [name, parent]),
      [
        ['one', undefined],
        ['two', 'one'],
        ['three', 'one'],
        ['current', 'three'],
      ]
    )
    assert.equal(guest.config.memory, '512')
    assert.isFalse(guest.isRunning)
  })

  test('a copy brings a container back over itself, with its address', async (context) => {
    const { assert } = context
    const { pve, visitor, guest } = await withGuest(context, { start: 1 })
    const { net0 } = guest.config
    const backup = { vmid: 100, storage: 'local', mode: 'snapshot', compress: 'zstd' }
    assert.equal(await visitor.done(visitor.post('/nodes/pve1/vzdump', backup)), 'OK')
    const { data } = await visitor.get('/nodes/pve1/storage/local/content?content=backup&vmid=100')
    const [{ volid }] = data as [{ volid: string }]
    const order = { vmid: 100, ostemplate: volid, restore: 1, force: 1, storage: 'tank' }

    assert.equal((await visitor.post(LXC, order)).reason, "can't overwrite running container")
    await visitor.done(visitor.post(`${LXC}/100/status/stop`))
    assert.equal(await visitor.done(visitor.post(LXC, order)), 'OK')
    assert.equal(pve.cluster.guests.get(100)!.config.net0, net0)

    const gone = `/nodes/pve1/storage/local/content/${encodeURIComponent(volid)}`
    assert.equal(await visitor.done(visitor.delete(gone)), 'OK')
    assert.isEmpty(pve.cluster.backups)
  })

  test('moves to another node that has its storage', async (context) => {
    const { assert } = context
    const nodes = [
      { name: 'pve1' },
      { name: 'pve2' },
      { name: 'pve3', storages: [{ name: 'local' }] },
    ]
    const { pve, visitor } = await cluster(context, nodes)
    await visitor.done(visitor.post(LXC, { vmid: 100, ...ORDER, start: 1 }))
    const migrate = `${LXC}/100/migrate`

    const itself = await visitor.post(migrate, { target: 'pve1' })
    assert.deepEqual(itself.errors, { target: 'target is local node.' })
    assert.include((await visitor.post(migrate, { target: 'pve2' })).reason, 'running container')
    const elsewhere = await visitor.done(visitor.post(migrate, { target: 'pve3', restart: 1 }))
    assert.equal(elsewhere, "storage 'tank' is not available on node 'pve3'")
    assert.equal(await visitor.done(visitor.post(migrate, { target: 'pve2', restart: 1 })), 'OK')
    assert.equal(pve.cluster.guests.get(100)!.node, 'pve2')
    assert.equal((await visitor.get('/nodes/pve2/lxc/100/status/current')).status, 200)
  })
})

test.group('Proxmox simulator | tables', () => {
  test('are held against a schema: what differs is named', ({ assert }) => {
    const call = 'GET /nodes/{node}/lxc/{vmid}/snapshot'
    const vmid = { type: 'integer', format: 'pve-vmid', minimum: 1 }
    const snapshots = { GET: { protected: 1, parameters: { properties: { vmid } } } }
    const found = differences({ '/nodes/{node}/lxc/{vmid}/snapshot': snapshots })

    assert.includeMembers(found, [
      `${call}: proxied to the node`,
      `${call}: needs /vms/{vmid} VM.Audit, the schema none`,
      `${call} node: not in the schema`,
      `${call} vmid: min 100, the schema 1`,
      `${call} vmid: max 999999999, the schema undefined`,
      'GET /version: not in the schema',
    ])
    assert.notInclude(found, `${call} vmid: type integer, the schema integer`)
  })
})

test.group('Proxmox simulator | troubles', () => {
  test('an answer that is lost leaves its work done', async (context) => {
    const { assert } = context
    const { pve, visitor } = await cluster(context)
    pve.fail(CREATE, 'unreachable')
    pve.fail(CREATE, 'done_late')
    pve.fail(CREATE, 'cut')

    assert.equal((await visitor.post(LXC, { vmid: 100, ...ORDER })).status, 595)
    assert.equal(pve.cluster.guests.size, 0)
    assert.equal((await visitor.post(LXC, { vmid: 100, ...ORDER })).status, 596)
    await assert.rejects(() => visitor.post(LXC, { vmid: 101, ...ORDER }))
    assert.sameMembers([...pve.cluster.guests.keys()], [100, 101])
  })

  test('a task that is lost was done all the same', async (context) => {
    const { pve, visitor } = await cluster(context)
    pve.loseTask('vzcreate')
    const outcome = await visitor.done(visitor.post(LXC, { vmid: 100, ...ORDER }))

    context.assert.equal(outcome, 'Parameter verification failed.')
    context.assert.isTrue(pve.cluster.guests.has(100))
  })

  test('a node that goes down in the middle leaves its lock', async (context) => {
    const { assert } = context
    const { pve, visitor, guest } = await withGuest(context, { onboot: 1, start: 1 })
    pve.stallTask('vzcreate')
    const { data: upid } = await visitor.post(LXC, { vmid: 101, ...ORDER })
    pve.restart('pve1')

    assert.equal(await visitor.end(upid), 'unexpected status')
    assert.equal(pve.cluster.guests.get(101)!.lock, 'create')
    assert.isTrue(guest.isRunning)
  })

  test('without its daemon a node reads, and changes nothing', async (context) => {
    const { assert } = context
    const { pve, visitor, guest } = await withGuest(context)
    pve.setDaemon('pve1', 'down')
    assert.equal((await visitor.get(`${LXC}/100/config`)).status, 200)
    assert.equal((await visitor.get(`${LXC}/100/status/current`)).status, 595)
    assert.equal((await visitor.post(`${LXC}/100/status/start`)).status, 595)

    pve.setDaemon('pve1', 'frozen')
    assert.equal((await visitor.post(`${LXC}/100/status/start`)).status, 596)
    assert.isFalse(guest.isRunning)
    pve.setDaemon('pve1', 'up')
    const { data } = await visitor.get('/nodes/pve1/tasks?source=all&typefilter=vzstart')
    const [{ upid }] = data as [{ upid: string }]
    assert.equal(await visitor.end(upid), 'OK')
    assert.isTrue(guest.isRunning)
  })
})
