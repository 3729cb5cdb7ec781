import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { replay, type Exchange } from '#tests/support/simulators/proxmox/transcripts'

const FILE = app.makePath('tests/fixtures/proxmox/exchanges.jsonl')

test.group('Proxmox simulator | transcripts', () => {
  test('answers what was recorded alike, or says why not', async ({ assert }) => {
    const lines = readFileSync(FILE, 'utf8').trim().split('\n')
    const findings = await replay(lines.map((line) => JSON.parse(line) as Exchange))

    assert.lengthOf(findings, lines.length)
    assert.isEmpty(findings.filter(({ verdict }) => verdict === 'unlike'))
    assert.isAtLeast(findings.filter(({ verdict }) => verdict === 'alike').length, 277)
  }).timeout(240_000)
})
