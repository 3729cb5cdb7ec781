#!/usr/bin/env node
// Verifies a Portico licence without asking anybody. Node 18 or later, nothing to install.
//
//   node verify.mjs LICENCE --keys RING [--host HOSTINFO] [--product CODE] [--revocations FILE]
//                   [--state FILE] [--now 2026-11-21T13:00:00Z] [--print]
//
// As a module: import { verifyLicense } from './verify.mjs'. Answers and exit status are those of verify.sh.
import { constants, createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LICENSE_MEMBERS =
  'kind,format,key,algorithm,serial,license,name,product,holder,max_vm,max_image,max_user,max_vcpu,max_vmem,max_vdisk,expires,mac,serial_number,entitlements,host_key,host,not_before,expires_at,grace_until,issued_at,classic_order,classic'
const LIST_MEMBERS = 'kind,format,key,algorithm,number,this_update,next_update,revoked,revoked_keys'
const MOMENT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
const STRING = String.raw`"(?:[^"\\]|\\["\\])*"`
const VALUE = new RegExp(`^(?:0|[1-9][0-9]*|${STRING}|\\[(?:${STRING}(?:,${STRING})*)?\\])$`, 'u')

const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const plain = (text) => `${text.replaceAll('\r\n', '\n').replace(/\n+$/, '')}\n`

/** `ask`: { keys, host?, product?, revocations?, lastSeen?, now } as texts; answers { code, facts }. */
export function verifyLicense(licence, ask) {
  const ring = readRing(ask.keys)
  const opened = open('LICENSE', licence, ring, LICENSE_MEMBERS)
  if (opened.fault) return { code: opened.fault, facts: null }
  const { facts } = opened
  if (![facts.not_before, facts.grace_until, ask.now].every((moment) => MOMENT.test(moment))) {
    return { code: 'MALFORMED', facts: null }
  }
  if (ask.revocations !== undefined) {
    const list = open('REVOCATIONS', ask.revocations, ring, LIST_MEMBERS)
    if (list.fault) return { code: list.fault, facts: null }
    const isRevoked =
      list.facts.revoked.includes(sha256(`portico-serial-1\n${facts.serial}\n`)) ||
      list.facts.revoked_keys.includes(facts.key)
    if (isRevoked) return { code: 'REVOKED', facts }
  }
  // A clock that was set back counts as if it had stood still.
  const isBack = MOMENT.test(ask.lastSeen ?? '') && ask.now < ask.lastSeen
  const now = isBack ? ask.lastSeen : ask.now
  const code = (() => {
    if (now < facts.not_before) return 'NOT_YET_VALID'
    if (now >= facts.grace_until) return 'EXPIRED'
    if (ask.host !== undefined && hostFingerprint(ask.host) !== facts.host) return 'HOST_MISMATCH'
    if (ask.product !== undefined && ask.product !== facts.product) return 'PRODUCT_MISMATCH'
    return isBack ? 'CLOCK_BACK' : 'VALID'
  })()
  return { code, facts }
}

function readRing(text) {
  const entries = plain(text).matchAll(
    /key: (k[0-9a-f]{16})\nalgorithm: (\S+)\n(-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n)/g
  )
  return new Map([...entries].map(([, id, algorithm, pem]) => [id, { algorithm, pem }]))
}

function open(kind, document, ring, members) {
  const parts = dearmour(document, kind)
  const facts = parts && parse(parts.text, members)
  if (!facts || facts.kind !== kind.toLowerCase() || facts.format !== 1)
    return { fault: 'MALFORMED' }
  const entry = ring.get(facts.key)
  if (!entry) return { fault: 'UNKNOWN_KEY' }
  return entry.algorithm === facts.algorithm && isSigned(entry, parts)
    ? { facts }
    : { fault: 'BAD_SIGNATURE' }
}

function isSigned({ algorithm, pem }, { bytes, signature }) {
  const key = createPublicKey(pem)
  if (algorithm === 'Ed25519') return verify(null, bytes, key, signature)
  if (algorithm !== 'RSA-PSS-SHA256') return false
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify('sha256', bytes, { key, padding, saltLength: 32 }, signature)
}

/** The armour has one spelling: what is written again must be what was read. */
function dearmour(document, kind) {
  const text = plain(document)
  const match = new RegExp(
    `^-----BEGIN PORTICO ${kind}-----\\n([^-]+)\\n-----END PORTICO ${kind}-----\\n` +
      `-----BEGIN PORTICO SIGNATURE-----\\n([^-]+)\\n-----END PORTICO SIGNATURE-----\\n$`
  ).exec(text)
  if (!match) return null
  const [bytes, signature] = [match[1], match[2]].map((lines) => Buffer.from(lines, 'base64'))
  const lines = (data) => (data.toString('base64').match(/.{1,64}/g) ?? []).join('\n')
  if (lines(bytes) !== match[1] || lines(signature) !== match[2]) return null
  return { bytes, signature, text: bytes.toString('utf8') }
}

function parse(text, expected) {
  if (!text.startsWith('{\n') || !text.endsWith('\n}\n')) return null
  const facts = {}
  for (const line of text.slice(2, -3).split(',\n')) {
    const [, name, value] = /^"([a-z_]+)":(.*)$/u.exec(line) ?? []
    if (!name || Object.hasOwn(facts, name) || !VALUE.test(value)) return null
    facts[name] = JSON.parse(value)
  }
  return Object.keys(facts).join() === expected ? facts : null
}

export function hostFingerprint(hostInfo) {
  const lines = plain(hostInfo).split('\n')
  const macs = lines[1]
    ?.toLowerCase()
    .replaceAll('-', ':')
    .match(/[0-9a-f]{2}(?::[0-9a-f]{2}){5}/g)
  const from = lines.findIndex((line) => line.startsWith('-----BEGIN '))
  const until = lines.findIndex((line) => line.startsWith('-----END '))
  const key = lines.slice(from + 1, until).join('')
  const unique = [...new Set(macs ?? [])].sort().join(',')
  return sha256(`portico-host-1\n${unique}\n${lines[2]}\n${sha256(key)}\n`)
}

function main([licence, ...rest]) {
  const asked = {}
  while (rest.length > 0) {
    const name = /^--(keys|host|product|revocations|state|now|print)$/.exec(rest.shift())?.[1]
    if (!name || (name !== 'print' && rest.length === 0)) return usage()
    asked[name] = name === 'print' ? true : rest.shift()
  }
  if (!licence || !asked.keys) return usage()
  const read = (path) => {
    try {
      return path === undefined ? undefined : readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  const now = asked.now ?? `${new Date().toISOString().slice(0, 19)}Z`
  const lastSeen = read(asked.state)?.split('\n')[0]
  const { code, facts } = verifyLicense(read(licence), {
    keys: readFileSync(asked.keys, 'utf8'),
    host: read(asked.host),
    product: asked.product,
    revocations: read(asked.revocations),
    lastSeen,
    now,
  })
  const isSeen = facts && code !== 'REVOKED' && !(MOMENT.test(lastSeen ?? '') && now < lastSeen)
  if (asked.state && isSeen) {
    writeFileSync(`${asked.state}.${process.pid}`, `${now}\n`)
    renameSync(`${asked.state}.${process.pid}`, asked.state)
  }
  console.log(code)
  if (code === 'VALID' && asked.print) console.log(facts.classic.join('\n'))
  return code === 'VALID' ? 0 : 1
}

function usage() {
  console.error('node verify.mjs LICENCE --keys RING [--host HOSTINFO] [--product CODE] …')
  return 2
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2))
}
