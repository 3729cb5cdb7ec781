/** The same mutants each time: a failure can be looked at again. */
export function* mutations(good: Buffer, count: number, seed = 20261121): Generator<Buffer> {
  const random = generator(seed)
  for (let made = 0; made < count; made++) {
    let mutant: Buffer = Buffer.from(good)
    for (let times = 1 + random(3); times > 0; times--) mutant = mutate(mutant, random)
    yield mutant.equals(good) ? Buffer.from(good.subarray(0, random(good.length))) : mutant
  }
}

type Random = (below: number) => number

function mutate(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length)
  const until = Math.min(bytes.length, at + 1 + random(40))
  switch (random(8)) {
    case 0:
      return replaced(bytes, at, bytes[at]! ^ (1 << random(8)))
    case 1:
      return replaced(bytes, at, random(256))
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)])
    case 3:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)])
    case 4:
      return Buffer.from(bytes.subarray(0, at))
    case 5:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)])
    case 6:
      return swappedLines(bytes, random)
    default:
      return replaced(bytes, at, '0123456789abcdefABCDEF+/=:-\n\r "\\{}'.charCodeAt(random(36)))
  }
}

function replaced(bytes: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(bytes)
  if (copy.length > 0) copy[at] = byte
  return copy
}

function swappedLines(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [a, b] = [random(lines.length), random(lines.length)]
  ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** mulberry32. */
function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * Math.max(1, below))
  }
}
