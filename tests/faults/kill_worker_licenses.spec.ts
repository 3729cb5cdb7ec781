import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { validateDocument } from '#licensing/validation'
import LicenseDocument from '#models/license_document'
import LicenseLedger from '#models/license_ledger'
import { operations } from '#operations/index'
import { Succession } from '#tests/support/crash'
import { FaultGround, missingPrograms } from '#tests/support/fault_ground'
import { licensing } from '#tests/support/licenses'
import { ended } from '#tests/support/steps'
import { fakeCluster, tenant, type TestTenant } from '#tests/support/world'

const PLACES = [
  ...operations['license.issue'].steps.flatMap(({ name }) => [
    `run ${name} before`,
    `run ${name} after`,
  ]),
  'close before',
  'close after',
]

const missing = missingPrograms()

test.group('kill -9 of the worker that signs a licence', (group) => {
  if (missing) {
    test('leaves one document').skip(true, missing)
    return
  }

  let acme: TestTenant
  let words: Awaited<ReturnType<typeof licensing>>
  let succession: Succession
  let granted = 0

  group.setup(async () => {
    const { variables } = await FaultGround.shared()
    acme = await tenant('Acme', await fakeCluster())
    words = await licensing()
    succession = await Succession.begin(variables)
    return () => succession.end()
  })

  test('at "{$self}": one document, published once, and a whole ledger')
    .with(PLACES)
    .run(async ({ assert }, place) => {
      granted += 1
      const license = await words.grant(acme, `ACME-${granted}`)
      const operation = await succession.dieAt(`${license.name}: ${place}`, async () => {
        const received = await words.upload(acme, license)
        return received.operation!
      })
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? '')
      const documents = await db.from('license_documents').where('license_id', license.id)
      assert.lengthOf(documents, 1)
      assert.isNotNull(documents[0].published_at)
      const { code } = validateDocument(documents[0].document, {
        ring: await LicenseDocument.ring(),
        now: `${new Date().toISOString().slice(0, 19)}Z`,
      })
      assert.equal(code, 'VALID')
      assert.deepInclude(await LicenseLedger.verify(), { documents: granted, fault: null })
    })
    .timeout(30_000)
})
