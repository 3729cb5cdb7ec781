import { test } from '@japa/runner'
import { globSync, readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { messages as vineMessages } from '@vinejs/vine/defaults'
import { LOCALES, type Locale } from '#config/i18n'
import { textsOf } from '#tests/support/texts'

/*
| Every text stands in every language, under the same key, with the same gaps to fill; and what a view or a
| class asks for is there.
*/
const [first, ...others] = LOCALES

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
        Object.keys(textsOf(locale)).toSorted(),
        Object.keys(textsOf(first)).toSorted()
      )
    })

    test(`${locale} leaves the same gaps as ${first}`, ({ assert }) => {
      for (const [key, message] of Object.entries(textsOf(first))) {
        assert.deepEqual(gaps(textsOf(locale)[key] ?? ''), gaps(message), key)
      }
    })
  }

  test('each file of words is there in every language', ({ assert }) => {
    const files = (locale: Locale) =>
      globSync('**/*.json', { cwd: app.languageFilesPath(locale) }).toSorted()
    for (const locale of others) assert.deepEqual(files(locale), files(first))
  })

  test('what views and classes ask for exists', ({ assert }) => {
    const known = Object.keys(textsOf(first))
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

  test('every rule of validation has a message with gaps that the rule can fill', ({ assert }) => {
    const known = textsOf(first)
    for (const [rule, message] of Object.entries(vineMessages)) {
      const own = known[`validator.shared.messages.${rule}`]
      assert.isDefined(own, rule)
      const fillable = [...message.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name)
      assert.includeMembers(['field', ...fillable], gaps(own), rule)
    }
  })
})
