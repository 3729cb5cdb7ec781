import { test } from '@japa/runner'
import { basename } from 'node:path'
import { messages as vineMessages } from '@vinejs/vine/defaults'
import { DRIVER_ERROR_KINDS } from '#drivers/errors'
import { FACETS } from '#drivers/contract'
import { isMailed } from '#models/notice'
import {
  AUDIT_OUTCOMES,
  DELIVERY_STATES,
  INSTANCE_PHASES,
  NOTICE_KINDS,
  NOTICE_TYPES,
  OPERATION_STATES,
  OPERATION_TYPES,
  QUOTA_RESOURCES,
  ROLES,
  STAFF_ROLES,
  type OperationErrorKind,
  type StepRecord,
} from '#models/types'
import { operations, stepNames } from '#operations/index'
import type { ProgressEvent } from '#services/progress'
import { WEBHOOK_PROBLEMS } from '#services/webhook_call'
import { DOORS } from '#start/view/doors'
import { logLine, messageKey, TOLD_REFUSALS } from '#transformers/operation'
import { ADMIN_NAVIGATION, portalNavigation } from '#transformers/navigation'
import { DEFAULT_LOCALE } from '#config/i18n'
import { ASKING, sources, textsOf, untold } from '#tests/support/texts'

/*
| What can happen is a closed list, and each list has its words: nobody ever reads the bare name of a state, a
| step or a refusal. And the other way round: no text stands there that nothing can say.
*/
const known = () => Object.keys(textsOf(DEFAULT_LOCALE))
const keysUnder = (prefix: string) =>
  known()
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))

const DEFINITIONS = /define(?:License)?Operation\b[^{]*\{\s*type: '([\w.]+)'/

const ERROR_KINDS: OperationErrorKind[] = [
  ...DRIVER_ERROR_KINDS,
  'refused',
  'unexpected',
  'abandoned',
]

const STEP_STATES: StepRecord['state'][] = ['running', 'done', 'failed', 'undoing', 'undone']

const EVENTS: ProgressEvent[] = [
  ...STEP_STATES.map((state) => ({ kind: 'step' as const, step: 'x', state })),
  ...OPERATION_STATES.map((state) => ({ kind: 'state' as const, state })),
  { kind: 'retry', step: 'x', reason: '', atMs: 0 },
  { kind: 'cancel_requested' },
]

/** `static override code = 'E_…'` of each refusal. */
function refusalCodes(): string[] {
  return sources(['app/exceptions/*.ts']).flatMap(({ text }) =>
    [...text.matchAll(/static (?:override )?code = '(E_[A-Z_]+)'/g)].map(([, code]) => code!)
  )
}

test.group('Catalogue of operations', () => {
  test('every type has a definition, and every definition is registered', ({ assert }) => {
    for (const type of OPERATION_TYPES) assert.equal(operations[type]?.type, type)
    const defined = sources(['app/operations/*.ts']).flatMap(({ file, text }) =>
      DEFINITIONS.test(text) ? [[DEFINITIONS.exec(text)![1], basename(file)]] : []
    )
    assert.sameMembers(
      defined.map(([type]) => type),
      [...OPERATION_TYPES]
    )
  })

  test('every type is held to the suite that all operations stand', ({ assert }) => {
    const held = sources(['tests/unit/operations/*.spec.ts']).flatMap(({ text }) =>
      [...text.matchAll(/operationConformance[^{]*\{\s*type: '([\w.]+)'/g)].map(([, type]) => type)
    )
    assert.deepEqual(
      OPERATION_TYPES.filter((type) => !held.includes(type)),
      []
    )
  })

  test('every type has its name, its end and its steps in words', ({ assert }) => {
    const keys = OPERATION_TYPES.flatMap((type) => [
      `operations.type.${messageKey(type)}`,
      `operations.done.${messageKey(type)}`,
      ...stepNames(type).map((step) => `operations.step.${step}`),
    ])
    assert.deepEqual(untold(keys), [])
    // A title may name what is chosen: "Stop web-1".
    const titles = keysUnder('operations.title.')
    const untitled = OPERATION_TYPES.filter(
      (type) => !titles.some((title) => title.startsWith(messageKey(type)))
    )
    assert.deepEqual(untitled, [])
  })

  test('no step or type is named that no operation has', ({ assert }) => {
    const steps = OPERATION_TYPES.flatMap((type) => stepNames(type))
    const types = OPERATION_TYPES.map(messageKey)
    assert.includeMembers(steps, keysUnder('operations.step.'))
    assert.includeMembers(steps, keysUnder('operations.undone.'))
    assert.includeMembers(types, keysUnder('operations.type.'))
    assert.includeMembers(types, keysUnder('operations.done.'))
  })

  test('every way in which one can fail is told', ({ assert }) => {
    const kinds = [...ERROR_KINDS, ...TOLD_REFUSALS]
    assert.deepEqual(untold(kinds.map((kind) => `operations.error.${kind}`)), [])
    assert.includeMembers(kinds, keysUnder('operations.error.'))
    assert.includeMembers(refusalCodes(), [...TOLD_REFUSALS])
  })

  test('every line of a log has its words, and no other line does', ({ assert }) => {
    const keys = EVENTS.map((event) => logLine({ id: '1-0', at: 0, event }).message!.key)
    assert.deepEqual(untold(keys), [])
    assert.includeMembers(
      keys,
      keysUnder('operations.log.').map((name) => `operations.log.${name}`)
    )
  })
})

test.group('Catalogue of words', () => {
  test('every state has a light and a word', ({ assert }) => {
    const states = [...OPERATION_STATES, ...INSTANCE_PHASES, ...Object.keys(DOORS), 'deleted']
    assert.deepEqual(untold(states.map((state) => `states.${state}`)), [])
    assert.includeMembers(states, keysUnder('states.'))
  })

  test('every refusal has a text, and every text a refusal', ({ assert }) => {
    assert.deepEqual(untold(refusalCodes().map((code) => `errors.${code}`)), [])
    const told = new Set(
      sources(['app/**/*.ts']).flatMap(({ text }) =>
        [...text.matchAll(/\b(E_[A-Z_]+)\b/g)].map(([, code]) => code!)
      )
    )
    const codes = keysUnder('errors.').filter((key) => key.startsWith('E_'))
    assert.deepEqual(
      codes.filter((code) => !told.has(code)),
      []
    )
  })

  test('every notice that is mailed has its words, and every kind of them', ({ assert }) => {
    const mailed = NOTICE_TYPES.filter(isMailed).map((type) => type.replace('.', '_'))
    const keys = mailed.flatMap((type) => [`told.${type}.subject`, `told.${type}.text`])
    const kinds = NOTICE_KINDS.flatMap((kind) => [`kind.${kind}`, `kind_text.${kind}`])
    assert.deepEqual(untold(keys.map((key) => `mails.${key}`)), [])
    assert.deepEqual(untold(kinds.map((key) => `notices.${key}`)), [])
    const told = keysUnder('mails.told.').filter((key) => key.endsWith('.subject'))
    assert.sameMembers(
      told,
      mailed.map((type) => `${type}.subject`)
    )
  })

  test('every state and problem of a delivery has its words', ({ assert }) => {
    const keys = [
      ...['all', ...DELIVERY_STATES].map((state) => `only.${state}`),
      ...WEBHOOK_PROBLEMS.map((problem) => `problem.${problem}`),
    ]
    assert.deepEqual(untold(keys.map((key) => `notices.${key}`)), [])
  })

  test('every audit action that has a text can happen', ({ assert }) => {
    const asking = textIn(['app/**/*.ts', 'commands/**/*.ts'])
    const patterns = templatesIn(asking)
    const ofOperations = OPERATION_TYPES.flatMap((type) => [`${type}_requested`, `${type}_ended`])
    const happens = (action: string) =>
      ofOperations.includes(action) ||
      asking.includes(`'${action}'`) ||
      patterns.some((pattern) => pattern.test(action))
    assert.deepEqual(
      keysUnder('audit.').filter((action) => !happens(action)),
      []
    )
  })

  test('every closed list that pages choose from has its words', ({ assert }) => {
    const keys = [
      ...AUDIT_OUTCOMES.map((outcome) => `activity.outcome_${outcome}`),
      ...QUOTA_RESOURCES.map((resource) => `quotas.${resource}`),
      ...ROLES.flatMap((role) => [`members.role_${role}`, `shell.role_${role}`]),
      ...STAFF_ROLES.map((role) => `users.staff_${role}`),
      ...[...portalNavigation('acme'), ...ADMIN_NAVIGATION].map(({ label }) => label),
    ]
    assert.deepEqual(untold(keys), [])
  })

  test('every facet that a page asks for is one of the contract', ({ assert }) => {
    const asked = sources(['resources/views/**/*.edge', 'app/transformers/**/*.ts']).flatMap(
      ({ file, text }) =>
        [...text.matchAll(/(?:facets\.has\(|\bfacet: )'(\w+)'/g)].map(([, facet]) => ({
          file,
          facet: facet!,
        }))
    )
    assert.deepEqual(
      asked.filter(({ facet }) => !(FACETS as readonly string[]).includes(facet)),
      []
    )
  })

  test('no text stands there that nothing asks for', ({ assert }) => {
    const asking = textIn(ASKING)
    const literals = new Set(
      [...asking.matchAll(/['"`]([a-z_]+(?:\.[\w-]+)+)['"`]/g)].map(([, key]) => key!)
    )
    const patterns = templatesIn(asking)
    const isAsked = (key: string) =>
      literals.has(key) || patterns.some((pattern) => pattern.test(key))
    assert.deepEqual(
      known().filter((key) => !key.startsWith('validator.') && !isAsked(key)),
      []
    )
  })

  test('no field or rule is worded that no form has', ({ assert }) => {
    const forms = textIn([
      'app/validators/**/*.ts',
      'app/controllers/**/*.ts',
      'app/exceptions/*.ts',
    ])
    const unusedFields = keysUnder('validator.shared.fields.').filter(
      (field) => !new RegExp(`\\b${field.replace('_confirmation', '')}\\b`).test(forms)
    )
    const own = keysUnder('validator.shared.messages.').filter((rule) => !(rule in vineMessages))
    const unusedRules = own.filter((rule) => !forms.includes(rule.split('.')[0]!))
    assert.deepEqual([...unusedFields, ...unusedRules], [])
  })
})

function textIn(patterns: string[]): string {
  return sources(patterns)
    .map(({ text }) => text)
    .join('\n')
}

/** `states.${is}` as a pattern of the keys it can become. */
function templatesIn(text: string): RegExp[] {
  return [...text.matchAll(/`([a-z_]+\.[^`\n]*)`/g)]
    .map(([, template]) => template!.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '\0'))
    .filter((template) => /^[\w.\0-]+$/.test(template))
    .map((template) => template.replaceAll('.', '\\.').replaceAll('\0', '[\\w-]+(?:\\.[\\w-]+)*'))
    .map((pattern) => new RegExp(`^${pattern}$`))
}
