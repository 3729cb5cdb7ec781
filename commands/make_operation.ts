import { readFile, writeFile } from 'node:fs/promises'
import string from '@adonisjs/core/helpers/string'
import { args, flags } from '@adonisjs/core/ace'
import { LOCALES, type Locale } from '#config/i18n'
import { Maker } from './_maker.js'

const TYPES = 'app/models/types.ts'
const INDEX = 'app/operations/index.ts'
const INSTANCE = 'app/models/instance.ts'

type Texts = { [key: string]: string | Texts }

/** A definition, its places in the lists of operations, its words in every language, and the spec it has to pass. */
export default class MakeOperation extends Maker {
  static override commandName = 'make:operation'
  static override description =
    'Create an operation: something that is done to an instance, step by step'
  static override help = [
    'The deed and its noun: {{ binaryName }} make:operation resize_instance --en="Resize" --zh="调整配置"',
    'makes instance.resize. Safe to run again: what is there stays as it is.',
  ]

  @args.string({ description: 'A verb and a noun: resize_instance' })
  declare name: string

  @flags.string({ description: 'What it is called in English, as on a button', required: true })
  declare en: string

  @flags.string({ description: '… and in Chinese', required: true })
  declare zh: string

  override async run() {
    const [, verb, noun] = /^([a-z]+)_([a-z]+(?:_[a-z]+)*)$/.exec(this.name) ?? []
    if (!verb || !noun) {
      this.logger.error('an operation is called by a verb and a noun: resize_instance')
      this.exitCode = 1
      return
    }
    const type = `${noun}.${verb}`
    const step = ['stop', 'start'].includes(verb) ? this.name : verb
    await this.makeFiles(type, step)
    await this.register(type)
    await this.addTexts(type, step)
  }

  private async makeFiles(type: string, step: string) {
    for (const stub of ['operation', 'spec']) {
      await this.makeFile(`operation/${stub}`, {
        name: this.name,
        type,
        step,
        className: string.pascalCase(this.name),
        functionName: string.camelCase(this.name),
        title: string.sentenceCase(this.name),
      })
    }
  }

  private async register(type: string) {
    const definition = string.camelCase(this.name)
    const entry = `  '${type}': ${definition},\n`
    const line = `import ${definition} from '#operations/${this.name}'\n`
    const again = `case '${type}':\n`
    await this.insert(TYPES, /(OPERATION_TYPES = \[[^\]]*?),?\s*\]/, `$1, '${type}']`, `'${type}'`)
    await this.insert(INDEX, /(?=import type \{ OperationDefinition \})/, line, line)
    await this.insert(INDEX, /(const operations: .* = \{\n(?:.*\n)*?)\}/, `$1${entry}}`, entry)
    await this.insert(
      INSTANCE,
      /(async repeat\([^]*?)(?=case 'instance\.delete':)/,
      `$1${again}`,
      again
    )
    const status = `${again}return phase\n`
    const place = /(static status\([^]*?)(?=default: \{)/
    await this.insert(INSTANCE, place, `$1${status}`, new RegExp(`${again.trim()}\\s+return phase`))
  }

  private async addTexts(type: string, step: string) {
    const key = type.replace('.', '_')
    const [noun, verb] = type.split('.') as [string, string]
    for (const locale of LOCALES) {
      const { name, stop, done, asked, ended } = WORDS[locale]({ en: this.en, zh: this.zh })
      await this.merge(locale, 'operations', {
        type: { [key]: name },
        title: { [key]: `${name} {name}` },
        done: { [key]: done },
        step: { stop, [step]: name },
      })
      await this.merge(locale, 'audit', {
        [noun]: { [`${verb}_requested`]: asked, [`${verb}_ended`]: ended },
      })
    }
  }

  private async merge(locale: Locale, file: string, texts: Texts) {
    const path = this.app.languageFilesPath(locale, `${file}.json`)
    const present = JSON.parse(await readFile(path, 'utf8')) as Texts
    await writeFile(path, `${JSON.stringify(added(present, texts), null, 2)}\n`)
    this.logger.action(`update ${this.app.relativePath(path)}`).succeeded()
  }
}

type Words = Record<'name' | 'stop' | 'done' | 'asked' | 'ended', string>

/** To be made better by whoever knows what it does; until then it can be read. */
const WORDS: Record<Locale, (names: { en: string; zh: string }) => Words> = {
  'en': ({ en }) => ({
    name: en,
    stop: 'Stopping',
    done: `{name}: ${en}, done.`,
    asked: `asked for: ${en}`,
    ended: `finished: ${en}`,
  }),
  'zh-CN': ({ zh }) => ({
    name: zh,
    stop: '停止',
    done: `{name}：${zh}已完成。`,
    asked: `要求：${zh}`,
    ended: `完成：${zh}`,
  }),
}

/** What is there stays as it is. */
function added(known: Texts, texts: Texts): Texts {
  const result = { ...known }
  for (const [key, text] of Object.entries(texts)) {
    const present = known[key]
    if (typeof text === 'string') result[key] = present ?? text
    else result[key] = added((present ?? {}) as Texts, text)
  }
  return result
}
