import { test } from '@japa/runner'
import router from '@adonisjs/core/services/router'

/*
| What a person can do in a browser, their program can do over /api/v1: every route that changes something on the
| pages of an organization and of an account has its like there, or stands here with the reason why not.
*/

/** Where the two do the same by another address. */
const OTHERWISE: Record<string, string> = {
  'POST /batches/deletions': 'POST /batches',
  'PUT /settings': 'PUT /',
  'DELETE /instances/:/port_forwards': 'DELETE /instances/:/port_forwards/:',
  'DELETE /instances/:/ssh_keys': 'DELETE /instances/:/ssh_keys/:',
  'DELETE /instances/:/backups/:': 'DELETE /backups/:',
  'POST /instances/:/backups/:/restoration': 'POST /backups/:/restoration',
  'DELETE own /other_sessions': 'DELETE own /sessions',
  'DELETE own /api_tokens/:': 'DELETE own /tokens/:',
}

const BY_A_PERSON = 'opens the account: only a person who proves who they are may change it'
const NO_MORE_KEYS = 'what a stolen token could make would outlive its revocation'

const BY_THE_INSTALLATION = "done at /api/v1/licensing, by the licence's own token"

/** What a program cannot do, and why. */
const ONLY_BY_HAND: Record<string, string> = {
  'POST own /confirm': 'a token has nothing more to prove than itself',
  'POST own /email': BY_A_PERSON,
  'DELETE own /email': BY_A_PERSON,
  'PUT own /password': BY_A_PERSON,
  'POST own /authenticator': BY_A_PERSON,
  'DELETE own /authenticator': BY_A_PERSON,
  'POST own /passkeys': BY_A_PERSON,
  'DELETE own /passkeys/:': BY_A_PERSON,
  'POST own /recovery_codes': BY_A_PERSON,
  'POST own /api_tokens': NO_MORE_KEYS,
  'POST /billing_keys': NO_MORE_KEYS,
  'POST /billing_keys/:/rotations': NO_MORE_KEYS,
  'POST /licenses/:/token': NO_MORE_KEYS,
  'DELETE /licenses/:/token': 'its person has it before them, with what still uses it',
  'POST /licenses/:/host_info': BY_THE_INSTALLATION,
  'POST /licenses/:/documents': BY_THE_INSTALLATION,
}

const BROWSER: [prefix: RegExp, own: boolean][] = [
  [/^\/o\/:organization(?=\/|$)/, false],
  [/^\/account(?=\/)/, true],
  [/^(?=\/(organizations|invitations)(\/|$))/, true],
]
const API: [prefix: RegExp, own: boolean][] = [
  [/^\/api\/v1\/organizations\/:organization(?=\/|$)/, false],
  [/^\/api\/v1(?=\/(?!licensing))/, true],
]

/** Deeds by method and address, as far as it is told alike on both sides. */
function deeds(sides: typeof API): Set<string> {
  const found = new Set<string>()
  for (const { methods, pattern } of Object.values(router.toJSON()).flat()) {
    const [method] = methods as [string]
    const side = sides.find(([prefix]) => prefix.test(pattern))
    if (!side || method === 'GET' || method === 'HEAD') continue
    const path = pattern.replace(side[0], '').replaceAll(/:\w+/g, ':').replaceAll('-', '_')
    found.add(`${method} ${side[1] ? 'own ' : ''}${path || '/'}`)
  }
  return found
}

test.group('What a browser can do', () => {
  test('a program can do over /api/v1, or it is told why not', ({ assert }) => {
    const [browser, api] = [deeds(BROWSER), deeds(API)]
    assert.isAbove(browser.size, 60)
    const missing = [...browser].filter(
      (deed) => !api.has(OTHERWISE[deed] ?? deed) && !(deed in ONLY_BY_HAND)
    )
    assert.deepEqual(missing, [])
  })

  test('and nothing is excused that is there, or is no deed any more', ({ assert }) => {
    const [browser, api] = [deeds(BROWSER), deeds(API)]
    const needless = [...Object.keys(OTHERWISE), ...Object.keys(ONLY_BY_HAND)].filter(
      (deed) => !browser.has(deed) || api.has(deed)
    )
    assert.deepEqual(needless, [])
  })
})
