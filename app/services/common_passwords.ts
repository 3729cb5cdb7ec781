import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'

/*
| Passwords that everybody tries first. No rule asks for digits or signs; this is what is refused instead.
| The bundled list of breached passwords is read at first use, in a thread that ends afterwards: what stays
| here is one number of eight bytes for each of them.
*/
let loading: Promise<BigUint64Array> | null = null

const READ_LIST = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { createHash } = require('node:crypto')
  import(workerData).then(({ dictionary }) => {
    const hashes = BigUint64Array.from(dictionary['passwords-common'], (password) =>
      createHash('sha256').update(password).digest().readBigUInt64BE()
    ).sort()
    parentPort.postMessage(hashes, [hashes.buffer])
  })
`

/**
 * Whether the password, or what is left of it without the usual ornaments, is one of the breached ones, a
 * run, a repetition, or little more than one of `words` (the person's address and name, the house's name).
 */
export async function isCommonPassword(password: string, words: string[] = []): Promise<boolean> {
  const plain = password.toLowerCase().trim()
  if (isRun(plain) || isMadeOf(plain, words)) return true
  const listed = await list()
  return [plain, withoutLeet(plain)].some((variant) =>
    cores(variant).some((core) => contains(listed, core))
  )
}

function list(): Promise<BigUint64Array> {
  loading ??= new Promise<BigUint64Array>((resolve, reject) => {
    const worker = new Worker(READ_LIST, {
      eval: true,
      workerData: import.meta.resolve('@zxcvbn-ts/language-common'),
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  }).catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

/** `aaaaaaaaaa`, `1234567890`, `jihgfedcba` */
function isRun(plain: string): boolean {
  const codes = [...plain].map((letter) => letter.codePointAt(0)!)
  const step = codes[1]! - codes[0]!
  return Math.abs(step) <= 1 && codes.every((code, i) => i === 0 || code - codes[i - 1]! === step)
}

const FEW = 4

function isMadeOf(plain: string, words: string[]): boolean {
  return words
    .map((word) => word.toLowerCase())
    .flatMap((word) => [word, ...word.split(/[\s@]+/)])
    .filter((word) => word.length >= FEW && plain.includes(word))
    .some((word) => plain.replaceAll(word, '').length <= FEW)
}

/** The password, the unit that it repeats, and each of them without up to six digits or signs around it. */
function cores(plain: string): string[] {
  const unit = repeatedUnit(plain)
  return [plain, unit].flatMap((whole) => {
    const core = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
    const ornaments = whole.length - core.length
    return ornaments <= 6 && core.length >= FEW ? [whole, core] : [whole]
  })
}

/** `abcabcabcabc` → `abc`; a unit of few letters is as good as listed, hence the first breached one. */
function repeatedUnit(plain: string): string {
  const period = (plain + plain).indexOf(plain, 1)
  const unit = plain.slice(0, period)
  return period < plain.length && period <= FEW ? 'password' : unit
}

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  '$': 's',
  '!': 'i',
}

function withoutLeet(plain: string): string {
  return plain.replaceAll(/(?<=\p{L}.*)[013457@$!](?=.*\p{L})/gu, (sign) => LEET[sign] ?? sign)
}

function contains(sorted: BigUint64Array, password: string): boolean {
  const wanted = createHash('sha256').update(password).digest().readBigUInt64BE()
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
