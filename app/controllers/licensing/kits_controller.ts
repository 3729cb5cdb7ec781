import { readFile } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import { collectorText } from '#licensing/collector'
import { makeVectors, type TestVectors } from '#licensing/vectors'
import RevocationList from '#models/revocation_list'
import SigningKey from '#models/signing_key'

const VERIFIERS = [
  'verify.sh',
  'verify.mjs',
  'verify.py',
  'verify.php',
  'verify.go',
  'unwrap.sh',
  'receive.sh',
]

/** Made once a process: keys for the occasion take their time. */
let vectors: Promise<TestVectors> | null = null

/** What products and customers' hosts need of us; nothing of it is a secret. */
export default class KitsController {
  async show({ params, response }: HttpContext) {
    const text = await fileOf(params.file)
    if (text === null) throw new NotFound()
    return response.header('Content-Type', 'text/plain; charset=utf-8').send(text)
  }
}

async function fileOf(name: string): Promise<string | null> {
  if (name === 'keys.txt') return SigningKey.ringText()
  if (name === 'vectors.json') {
    vectors ??= makeVectors()
    return `${JSON.stringify(await vectors, null, 2)}\n`
  }
  if (name === 'revocations.txt') {
    const list = await RevocationList.latest()
    return list?.document ?? null
  }
  if (name === 'collect.sh') {
    const key = await SigningKey.forCheckCodes()
    return collectorText(await template(name), key.publicKey)
  }
  return VERIFIERS.includes(name) ? template(name) : null
}

function template(name: string): Promise<string> {
  return readFile(app.makePath('resources/licensing', name), 'utf8')
}
