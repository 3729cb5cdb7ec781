import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import type { Forward, SshConnection } from '#forwarders/contract'
import { createForwarder } from '#forwarders/iptables/forwarder'
import { identifyHost } from '#forwarders/registry'
import { makeSshKeyPair } from '#services/ssh_key_pair'
import { errorOf } from '#tests/drivers/conformance'
import { knock, untilAnswered } from '#tests/support/knocking'
import { run } from '#tests/support/lxd_lab'
import { NetworkNamespaces, noNamespaces } from '#tests/support/network_namespaces'

const missing =
  noNamespaces() ?? (existsSync('/usr/sbin/sshd') ? null : 'needs /usr/sbin/sshd (openssh-server)')

/** The same firewall as in the iptables spec, reached as a node is: by a real sshd that runs behind it. */
test.group('iptables over SSH', (group) => {
  if (missing) {
    test('reaches a firewall over SSH').skip(true, missing)
    return
  }

  let world: NetworkNamespaces
  let folder: string
  let daemon: ChildProcess
  let access: SshConnection
  const stranger = makeSshKeyPair('stranger')

  group.setup(async () => {
    world = await NetworkNamespaces.make()
    folder = await mkdtemp(join(tmpdir(), 'portico-sshd-'))
    const pair = makeSshKeyPair('portico')
    daemon = await startSshd(world, folder, pair.publicKey)
    const host = await world.reachRouter()
    const hostKey = await firstAnswer(() => identifyHost(host, 2200))
    access = { host, port: 2200, user: 'root', hostKey, privateKey: pair.privateKey }
    return async () => {
      daemon.kill('SIGKILL')
      await world.remove()
      await rm(folder, { recursive: true })
    }
  })

  const forward = (port: number): Forward => ({
    ref: `fssh${port}`,
    protocol: 'tcp',
    listenAddress: world.listenAddress,
    firstPort: port,
    lastPort: port,
    target: { instance: 'guest-1', address: '10.66.0.11', firstPort: 2222 },
  })
  const open = (changes: Partial<SshConnection> = {}) =>
    createForwarder(world.connection({ ssh: { ...access, ...changes } }))

  test('forwards are made, compared and removed there', async ({ assert, cleanup }) => {
    const forwarder = open()
    cleanup(() => forwarder.close())
    assert.deepEqual(await forwarder.check(), [])
    await forwarder.ensure([forward(31_001)])
    const fromClient = () => knock(world.inside('client'), 'tcp', world.listenAddress, 31_001)
    assert.equal(await untilAnswered(fromClient), 'guest-1:2222')
    assert.deepEqual(await forwarder.compare([forward(31_001)]), { missing: [], stray: [] })
    await forwarder.remove([{ ref: 'fssh31001', instance: null }])
    assert.isNull(await fromClient())
  })

  test('another host key than the one that was compared is not spoken to', async ({ assert }) => {
    const forwarder = open({ hostKey: `SHA256:${'a'.repeat(43)}` })
    const error = await errorOf(forwarder.check())
    assert.equal(error.kind, 'tls_mismatch')
    await forwarder.close()
  })

  test('a key that is not let in, and a machine that does not answer, are told apart', async ({
    assert,
  }) => {
    const refused = open({ privateKey: stranger.privateKey })
    const error = await errorOf(refused.check())
    assert.equal(error.kind, 'unauthorized')
    assert.notInclude(JSON.stringify(error), 'PRIVATE KEY')
    const silent = open({ port: 9 })
    assert.equal((await errorOf(silent.check())).kind, 'unreachable')
    await Promise.all([refused.close(), silent.close()])
  })
})

async function startSshd(world: NetworkNamespaces, folder: string, publicKey: string) {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')])
  await writeFile(join(folder, 'authorized'), `${publicKey}\n`)
  await chmod(join(folder, 'authorized'), 0o600)
  await mkdir('/run/sshd', { recursive: true })
  const options = [
    'Port=2200',
    `HostKey=${join(folder, 'host')}`,
    `AuthorizedKeysFile=${join(folder, 'authorized')}`,
    `PidFile=${join(folder, 'pid')}`,
    'PermitRootLogin=prohibit-password',
    'StrictModes=no',
    'UsePAM=no',
  ].flatMap((option) => ['-o', option])
  const [program, ...parameters] = [
    ...world.inside('router'),
    '/usr/sbin/sshd',
    '-D',
    '-f',
    '/dev/null',
    ...options,
  ]
  const daemon = spawn(program!, parameters, { stdio: 'ignore' })
  await once(daemon, 'spawn')
  return daemon
}

async function firstAnswer<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const until = Date.now() + 30_000; ; await sleep(150)) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > until) throw error
    }
  }
}
