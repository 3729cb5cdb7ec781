import { readFileSync } from 'node:fs'
import { differences, type ApiSchema } from './schema.js'

/*
| Holds the tables of the simulator against the schema of a release: a file with `{ "8.4.21": { path: { verb: … } } }`,
| which stays outside of the project.
|
|   node --import=@poppinss/ts-exec tests/support/simulators/proxmox/hold_tables.ts FILE [RELEASE]
*/
const [file, release = '8.4.21'] = process.argv.slice(2)
const schemas = JSON.parse(readFileSync(file!, 'utf8')) as Record<string, ApiSchema>
const found = differences(schemas[release]!)
for (const line of found) process.stdout.write(`${line}\n`)
process.stdout.write(`${found.length} differences from ${release}\n`)
process.exitCode = found.length === 0 ? 0 : 1
