import { test } from '@japa/runner'
import { globSync, readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import i18nManager from '@adonisjs/i18n/services/main'
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { messages as vineMessages } from '@vinejs/vine/defaults'
import { LOCALES, type Locale } from '#config/i18n'
import { DOORS } from '#start/view/doors'
import { ADMIN_NAVIGATION, portalNavigation } from '#transformers/navigation'

/*
| Every text stands in every language, under the same key, with the same gaps to fill; and what a view or a
| class asks for is there.
*/
const [first, ...others] = LOCALES

function messages(locale: Locale): Record<string, string> {
  return i18nManager.getTranslationsFor(locale)
}

/** The names that a message wants filled, in every branch of it. */
function gaps(message: string): string[] {
  const names = new Set<string>()
  const visit = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue
      names.add(element.value)
      if (element.type === TYPE.tag) visit(element.children)
      if (element.type === TYPE.select || element.type === TYPE.plural) {
        for (const option of Object.values(element.options)) visit(option.value)
      }
    }
  }
  visit(parse(message))
  return [...names].toSorted()
}

/** What stands between the parentheses of each `t(…)`. */
function callsOfT(text: string): string[] {
  return [...text.matchAll(/(?<![\w$])t\(/g)].map((call) => {
    const from = call.index + call[0].length
    let depth = 1
    let to = from
    while (depth > 0 && to < text.length) {
      if (text[to] === '(') depth += 1
      if (text[to] === ')') depth -= 1
      to += 1
    }
    return text.slice(from, to - 1)
  })
}

const KEY = /^[a-z_]+(\.[\w-]+)+$/

/** Keys asked for by name, and beginnings of keys that are put together: `states.` of `states.${is}`. */
function asked(argument: string) {
  const literals = [...argument.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(
    (match) => match[1] ?? match[2]
  )
  const templates = [...argument.matchAll(/`([^`]+)`/g)].map((match) => match[1])
  return {
    keys: literals.filter((literal) => KEY.test(literal)),
    beginnings: templates
      .map((template) => template.split('${')[0])
      .filter((start) => start.includes('.')),
  }
}

test.group('Translations', () => {
  for (const locale of others) {
    test(`${locale} says everything that ${first} says, and nothing more`, ({ assert }) => {
      assert.deepEqual(
        Object.keys(messages(locale)).toSorted(),
        Object.keys(messages(first)).toSorted()
      )
    })

    test(`${locale} leaves the same gaps as ${first}`, ({ assert }) => {
      for (const [key, message] of Object.entries(messages(first))) {
        assert.deepEqual(gaps(messages(locale)[key] ?? ''), gaps(message), key)
      }
    })
  }

  test('each file of words is there in every language', ({ assert }) => {
    const files = (locale: Locale) =>
      globSync('**/*.json', { cwd: app.languageFilesPath(locale) }).toSorted()
    for (const locale of others) assert.deepEqual(files(locale), files(first))
  })

  test('what views and classes ask for exists', ({ assert }) => {
    const known = Object.keys(messages(first))
    const missing: string[] = []
    const files = ['resources/views/**/*.edge', 'app/**/*.ts', 'start/**/*.ts', 'commands/**/*.ts']
    for (const file of globSync(files, { cwd: app.appRoot })) {
      for (const argument of callsOfT(readFileSync(app.makePath(file), 'utf8'))) {
        const { keys, beginnings } = asked(argument)
        missing.push(
          ...keys.filter((key) => !known.includes(key)).map((key) => `${file}: ${key}`),
          ...beginnings
            .filter((start) => !known.some((key) => key.startsWith(start)))
            .map((start) => `${file}: ${start}…`)
        )
      }
    }
    assert.deepEqual(missing, [])
  })

  test('every state that has a light has a word', ({ assert }) => {
    const known = messages(first)
    assert.deepEqual(
      Object.keys(DOORS).filter((state) => !known[`states.${state}`]),
      []
    )
  })

  test('every entry of the navigation has a label', ({ assert }) => {
    const known = messages(first)
    const entries = [...portalNavigation('acme'), ...ADMIN_NAVIGATION]
    assert.deepEqual(
      entries.filter(({ label }) => !known[label]),
      []
    )
  })

  test('every refusal has a text', ({ assert }) => {
    const known = messages(first)
    const codes = globSync('app/exceptions/*.ts', { cwd: app.appRoot }).flatMap((file) =>
      [...readFileSync(app.makePath(file), 'utf8').matchAll(/'(E_[A-Z_]+)'/g)].map(
        ([, code]) => code
      )
    )
    const ownCodes = codes.filter((code) => !FRAMEWORK_CODES.includes(code))
    assert.deepEqual(
      ownCodes.filter((code) => !known[`errors.${code}`]),
      []
    )
  })

  test('every rule of validation has a message with gaps that the rule can fill', ({ assert }) => {
    const known = messages(first)
    for (const [rule, message] of Object.entries(vineMessages)) {
      const own = known[`validator.shared.messages.${rule}`]
      assert.isDefined(own, rule)
      const fillable = [...message.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name)
      assert.includeMembers(['field', ...fillable], gaps(own), rule)
    }
  })
})

/** Codes that the handler knows by name and tells in words of ours. */
const FRAMEWORK_CODES = [
  'E_VALIDATION_ERROR',
  'E_ROUTE_NOT_FOUND',
  'E_ROW_NOT_FOUND',
  'E_AUTHORIZATION_FAILURE',
  'E_BAD_CSRF_TOKEN',
]
