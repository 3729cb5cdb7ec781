import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'node:net'
import { run } from '#tests/support/lxd_lab'

const PORT = 22
const UP_MS = 30_000

type Credential = { password: string } | { keyFile: string }

/** Signs in as root and runs a command; false when the guest does not let us in. */
export async function signsIn(host: string, by: Credential): Promise<boolean> {
  await sshAnswers(host)
  for (const until = Date.now() + UP_MS; ; await sleep(100)) {
    const letIn = await tries(host, by)
    if (letIn !== null) return letIn
    if (Date.now() > until) throw new Error(`${host} neither lets in nor refuses`)
  }
}

/** null: nobody said yes or no, as when a busy guest does not answer in time. */
async function tries(host: string, by: Credential): Promise<boolean | null> {
  const options = [
    ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'ConnectTimeout=10'],
    ...['LogLevel=ERROR', 'NumberOfPasswordPrompts=1', 'IdentitiesOnly=yes'],
    'password' in by ? 'PreferredAuthentications=password' : 'PreferredAuthentications=publickey',
  ].flatMap((option) => ['-o', option])
  const command = [...options, `root@${host}`, 'echo signed-in']
  try {
    const { stdout } =
      'password' in by
        ? await run('sshpass', ['-e', 'ssh', ...command], {
            env: { ...process.env, SSHPASS: by.password },
          })
        : await run('ssh', ['-i', by.keyFile, ...command])
    return stdout.includes('signed-in')
  } catch (error) {
    // 5: sshpass was told that the password is wrong; 255: ssh was not let in, or did not come so far.
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 5) return false
    if (code === 255) return stderr?.includes('Permission denied') ? false : null
    throw error
  }
}

async function sshAnswers(host: string): Promise<void> {
  const until = Date.now() + UP_MS
  while (!(await connects(host))) {
    if (Date.now() > until) throw new Error(`nobody listens on ${host}:${PORT}`)
    await sleep(100)
  }
}

function connects(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: PORT, timeout: 1_000 })
    const end = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
