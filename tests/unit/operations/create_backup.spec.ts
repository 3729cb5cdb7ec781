import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import type Backup from '#models/backup'
import { readArchive } from '#services/archive_store'
import { isPacked } from '#tests/support/copies'
import { usage } from '#tests/support/steps'
import { world } from '#tests/support/world'
import { operationConformance } from '#tests/unit/operations/conformance'

test.group('Make a backup', (group) => {
  operationConformance(group, {
    type: 'backup.create',
    async scene() {
      const scene = await world()
      const instance = await scene.acme.instance('web-1')
      return { ...scene, instance, made: [] as Backup[] }
    },
    async open({ acme, instance, made }) {
      const order = { name: 'before', by: acme.owner }
      const { operation, backup } = await acme.inside(() => instance.backup(order))
      made.push(backup)
      return operation
    },
    async done({ acme, cluster, instance, made }, assert) {
      const rows = await db.from('backups').where('instance_id', instance.id)
      assert.lengthOf(rows, 1)
      const [{ uid, size_bytes: size, digest, stored_at: storedAt, archive_key: key }] = rows
      assert.isNotNull(storedAt)
      assert.isAbove(Number(size), 0)
      assert.match(digest, /^[0-9a-f]{64}$/)
      const archive = readArchive({ store: 'local', key }, { first: 0, last: Number(size) - 1 })
      assert.include(await text(archive.pipe(createGunzip())), instance.uid)
      assert.isFalse(await isPacked(cluster, instance, uid))
      assert.equal(uid, made[0]!.uid)
      assert.equal((await usage(acme.organization.id)).backups, 1)
    },
    async undone({ acme, cluster, instance, made }, assert) {
      assert.isEmpty(await db.from('backups').where('instance_id', instance.id))
      assert.isFalse(await isPacked(cluster, instance, made[0]!.uid))
      assert.isFalse(existsSync(app.makePath('tmp/test-backups', made[0]!.archiveKey)))
      assert.equal((await usage(acme.organization.id)).backups, 0)
    },
  })
})
