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
import { fakeCluster, tenant } from '#tests/support/world'

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

  let words: Awaited<ReturnType<typeof licensing>>
  let succession: Succession

  group.setup(async () => {
    const { variables } = await FaultGround.shared()
    words = await licensing()
    succession = await Succession.begin(variables)
    return () => succession.end()
  })

  test('one document, published once, and a whole ledger, wherever it died', async ({ assert }) => {
    const offer = await fakeCluster()
    // A tenant for each: what one of them holds while it waits for its death is in nobody's way.
    const doomed = []
    for (const [index, place] of PLACES.entries()) {
      const owner = await tenant(`Licensee ${index}`, offer)
      doomed.push({ place, owner, license: await words.grant(owner, `LICENSEE-${index}`) })
    }
    const before = await LicenseLedger.verify()
    const issues = await succession.dieTogether(
      doomed.map(({ place, owner, license }) => ({
        at: `${license.name}: ${place}`,
        order: async () => {
          const received = await words.upload(owner, license)
          return received.operation!
        },
      }))
    )
    const ring = await LicenseDocument.ring()
    for (const [index, operation] of issues.entries()) {
      const { place, license } = doomed[index]!
      await ended(operation)
      assert.equal(operation.state, 'succeeded', operation.error ?? place)
      const documents = await db.from('license_documents').where('license_id', license.id)
      assert.lengthOf(documents, 1, place)
      assert.isNotNull(documents[0].published_at, place)
      const { code } = validateDocument(documents[0].document, {
        ring,
        now: `${new Date().toISOString().slice(0, 19)}Z`,
      })
      assert.equal(code, 'VALID', place)
    }
    assert.deepInclude(await LicenseLedger.verify(), {
      documents: before.documents + PLACES.length,
      fault: null,
    })
  })
})
