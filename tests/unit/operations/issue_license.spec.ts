import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import LicenseLedger from '#models/license_ledger'
import { licensing } from '#tests/support/licenses'
import { world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Issue of a licence', (group) => {
  operationConformance(group, {
    type: 'license.issue',
    async scene() {
      const scene = await world()
      const words = await licensing()
      return { ...scene, ...words, license: await words.grant(scene.acme, 'ACME-DESK') }
    },
    async open({ acme, license, upload }) {
      const { operation } = await upload(acme, license)
      return operation!
    },
    async done({ license, document }, assert) {
      const rows = await db.from('license_documents')
      assert.lengthOf(rows, 1)
      assert.equal((await document(license))!.serial, 1)
      assert.deepInclude(await LicenseLedger.verify(), { documents: 1, fault: null })
    },
    // What was signed stays in the ledger for good; nobody is handed it.
    async undone({ license, document }, assert) {
      assert.isNull(await document(license))
      assert.isNull((await LicenseLedger.verify()).fault)
    },
  })
})
