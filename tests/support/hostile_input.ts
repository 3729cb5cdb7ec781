import fc from 'fast-check'

/** Means something to a shell, a template, a page, a spreadsheet, a terminal, a firewall or LXD. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\t \u3000',
  '$(reboot)',
  '`id`',
  'web-1; rm -rf /',
  'web-1 && reboot',
  'web-1\nroot:x',
  'web-1\r\nSet-Cookie: a=b',
  '../../1.0/instances',
  '..\\..\\windows',
  'a'.repeat(64),
  'x'.repeat(5_000),
  '好'.repeat(400),
  '-web',
  'web-',
  '--config=security.privileged=true',
  'Web 1',
  '{{ name }}',
  '{{{ name }}}',
  '@eval(process.exit(1))',
  '@include("x")',
  '${7*7}',
  '%0d%0a',
  '%s%n',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' or 1=1 --",
  '=cmd|"/c calc"!A1',
  '+1+1',
  '@SUM(A1)',
  '\u001b[2J\u001b]0;x\u0007',
  'ＷＥＢ－１',
  'web\u0000',
  'web\u202egnp.exe',
  'web\u2066a\u2069',
  'we\u200bb',
  '\u200b',
  '\u3164',
  '\ufeffweb',
  'web\u2028b',
  '\ud800',
  'a\u0301\u0301\u0301',
  '👨‍👩‍👧‍👦 ☕️',
  'ssh-rsa AAAA\ncommand="reboot" ssh-rsa AAAA',
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  '__proto__',
  'constructor',
  'null',
  'javascript:alert(1)',
  'http://user:secret@10.0.0.1/',
  'file:///etc/passwd',
] as const

/** Numbers that are none, too large, of another unit or of another hand. */
export const ODD_NUMBERS = [
  '22; reboot',
  '22\n-A FORWARD -j ACCEPT',
  '0x16',
  '1e3',
  '1E400',
  '２２',
  ' 22 ',
  '1,000',
  '1 000',
  '1,00',
  '1.5',
  '1,5',
  '-1',
  '-0',
  '+5',
  '0',
  '00022',
  '65536',
  '99999999999999999999',
  '9'.repeat(400),
  'NaN',
  'Infinity',
  '٢٢',
  '22\u0000',
  '10.0.0.0/33',
  '10.0.0.1/24',
  '10.0.0.256',
  '0177.0.0.1',
  '::1%eth0',
  '8000-7000',
  '2026-02-30',
  '9999-99-99',
] as const

const OTHER_KINDS = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    -1,
    0.5,
    1e308,
    2 ** 53 + 2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [],
    {},
    [[]],
    [null],
    ['a', {}],
    [' '],
    { length: 3 },
    { toString: 'x' },
    { 0: 'a' }
  ),
  fc.jsonValue({ maxDepth: 2 })
)

/** Whatever may stand in a field, some of it close to `right`, which is a good answer. */
export function hostileInput(right: unknown): fc.Arbitrary<unknown> {
  const text = fc.constantFrom<string>(...HOSTILE_TEXTS, ...ODD_NUMBERS)
  const likely = String([right].flat()[0] ?? '')
  const near = fc
    .tuple(text, fc.nat(likely.length))
    .map(([odd, at]) => `${likely.slice(0, at)}${odd}${likely.slice(at)}`)
  return fc.oneof(
    { arbitrary: text, weight: 4 },
    { arbitrary: near, weight: 3 },
    { arbitrary: OTHER_KINDS, weight: 2 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 300 }), weight: 1 },
    { arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }), weight: 1 },
    { arbitrary: fc.integer({ min: -10, max: 70_000 }), weight: 1 },
    { arbitrary: fc.array(text, { maxLength: 4 }), weight: 1 }
  )
}
