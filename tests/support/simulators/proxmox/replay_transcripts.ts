import { readFileSync } from 'node:fs'
import { replay, type Exchange } from './transcripts.js'

/*
| Does in the simulator what was once done with a real node, and says where it answers otherwise.
|
|   node --import=@poppinss/ts-exec tests/support/simulators/proxmox/replay_transcripts.ts [FILE]
*/
const [file = 'tests/fixtures/proxmox/exchanges.jsonl'] = process.argv.slice(2)
const lines = readFileSync(file, 'utf8').trim().split('\n')
const findings = await replay(lines.map((line) => JSON.parse(line) as Exchange))
const count = (wanted: string) => findings.filter(({ verdict }) => verdict === wanted).length
for (const { at, call, verdict, why } of findings) {
  if (verdict !== 'alike') process.stdout.write(`${verdict} ${at} ${call}: ${why}\n`)
}
process.stdout.write(
  `${count('alike')} alike, ${count('known')} known, ${count('unlike')} unlike\n`
)
process.exitCode = count('unlike') === 0 ? 0 : 1
