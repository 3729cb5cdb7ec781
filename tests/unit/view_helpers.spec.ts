import { test } from '@japa/runner'
import { globSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { attributes, exactly } from '#start/view/attributes'
import { door } from '#start/view/doors'
import { fieldState } from '#start/view/fields'
import { formatsFor } from '#start/view/formats'
import { namedIcons } from '#start/view/named_icons'
import { activeKey, ADMIN_NAVIGATION, portalNavigation } from '#transformers/navigation'
import { ownPath } from '#transformers/own_path'
import { shellOf } from '#transformers/shell'

test.group('Attributes', () => {
  test('escapes what a person typed', ({ assert }) => {
    assert.equal(
      attributes({ value: '"><script>alert(1)</script>' }).value,
      'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'
    )
  })

  test('leaves out what is absent and keeps zero and the empty text', ({ assert }) => {
    const { value } = attributes({ a: null, b: undefined, c: false, d: 0, e: '', f: true })
    assert.equal(value, 'd="0" e="" f')
  })

  test('a pattern accepts the very text and nothing else', ({ assert }) => {
    const name = 'a.b-[c](d)+e|f{2}^$\\/&&'
    const pattern = new RegExp(`^(?:${exactly(name)})$`, 'v')
    assert.isTrue(pattern.test(name))
    assert.isFalse(pattern.test(name.replace('.', 'x')))
  })
})

test.group('Fields after a refusal', () => {
  const flash = (values: Record<string, unknown>) => ({
    get: (key: string, fallback?: unknown) => values[key] ?? fallback,
    has: (key: string) => key in values,
  })

  test('the form that was sent gets its words and its errors back', ({ assert }) => {
    const left = flash({ _form: 'one', name: 'web', inputErrorsBag: { name: ['too short', '…'] } })
    assert.deepEqual(fieldState(left, 'name', 'one'), {
      problem: 'too short',
      problems: ['too short', '…'],
      typed: 'web',
      isResent: true,
    })
  })

  test('another form on the page gets nothing', ({ assert }) => {
    const left = flash({ _form: 'one', name: 'web', inputErrorsBag: { name: ['too short'] } })
    assert.deepEqual(fieldState(left, 'name', 'two'), {
      problem: null,
      problems: [],
      typed: undefined,
      isResent: false,
    })
  })
})

test.group('Formats', () => {
  const shanghai = formatsFor('zh-CN', 'Asia/Shanghai')
  const london = formatsFor('en', 'Europe/London')

  test('a moment is told in the zone of the reader', ({ assert }) => {
    assert.equal(shanghai.dateTime('2026-07-01T20:30:00Z'), '2026-07-02 04:30')
    assert.equal(london.dateTime('2026-07-01T20:30:00Z'), '2026-07-01 21:30')
    assert.equal(london.dateTime(null), '—')
  })

  test('how long ago is told in the language of the reader', ({ assert }) => {
    const now = Date.parse('2026-07-01T12:00:00Z')
    assert.equal(shanghai.relative('2026-07-01T11:42:00Z', now), '18分钟前')
    assert.equal(london.relative('2026-07-01T11:59:18Z', now), '42 sec. ago')
    assert.equal(london.relative('2026-06-30T11:00:00Z', now), 'yesterday')
  })

  test('sizes get the unit that fits them', ({ assert }) => {
    assert.equal(london.mib(108_544), '106\u00a0GiB')
    assert.equal(london.bytes(0), '0\u00a0B')
    assert.equal(london.bytes(1536), '1.5\u00a0KiB')
    assert.equal(london.gib(2048), '2\u00a0TiB')
  })

  test('thousands are parted by a space that does not break the line', ({ assert }) => {
    assert.equal(london.number(1_284_000), '1\u202f284\u202f000')
  })

  test('a duration names two units at most', ({ assert }) => {
    assert.equal(london.duration(200), '0.2 sec')
    assert.equal(london.duration(18_400), '18 sec')
    assert.equal(london.duration(8_049_000), '2 hr, 14 min')
    assert.equal(shanghai.duration(3_600_000), '1小时')
  })
})

test.group('Navigation', () => {
  test('the entry with the longest path is the one a person is on', ({ assert }) => {
    const items = portalNavigation('acme')
    assert.equal(activeKey(items, '/o/acme'), 'overview')
    assert.equal(activeKey(items, '/o/acme/instances/i-1'), 'instances')
    assert.equal(activeKey(ADMIN_NAVIGATION, '/admin/clusters/3'), 'clusters')
    assert.isNull(activeKey(items, '/account'))
  })

  test('the staff area has no organization', ({ assert }) => {
    const memberships = [{ name: 'Acme', slug: 'acme', role: 'owner' }]
    const common = { user: null, memberships, currentSlug: null, runningOperations: 0 }
    assert.isNull(shellOf({ ...common, path: '/admin/users' }).organization)
    assert.equal(shellOf({ ...common, path: '/account' }).organization?.slug, 'acme')
    assert.equal(shellOf({ ...common, path: '/administration' }).area, 'portal')
  })

  test('only a path of ours is a place to go back to', ({ assert }) => {
    assert.equal(ownPath('/o/acme?q=1#x'), '/o/acme?q=1')
    assert.equal(ownPath('//evil.example/a'), '/')
    assert.equal(ownPath('/\\evil.example'), '/')
    assert.equal(ownPath('https://evil.example/'), '/')
    assert.equal(ownPath('javascript:alert(1)'), '/')
    assert.equal(ownPath(undefined), '/')
  })
})

test.group('Drawings', () => {
  test('a state nobody has heard of is drawn as not known', ({ assert }) => {
    assert.strictEqual(door('something new'), door('unknown'))
  })

  test('resources/icons holds the icons that are named, and no others', async ({ assert }) => {
    const held = globSync('*.svg', { cwd: app.makePath('resources/icons') })
    const named = await namedIcons(app.appRoot)
    assert.deepEqual(held.map((file) => file.slice(0, -4)).toSorted(), [...named].toSorted())
  })
})
