import { createPublicKey } from 'node:crypto'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { ClassicImport } from '#models/classic_import'
import User from '#models/user'
import { csvLines, csvRows } from '#validators/csv'
import { classicHostFile, testHost } from '#tests/support/licensing'
import { licensing } from '#tests/support/licenses'
import { emptyDatabase } from '#tests/support/test_database'
import { finish, world } from '#tests/support/world'
import Operation from '#models/operation'
import { Tenant } from '#models/concerns/tenant'

const USERS = [
  'id,username,email,phone,organization,os_auth_url,is_active,origin_password',
  '7,lilei,lilei@example.com,13800138000,"Qinghe, Ltd",http://10.0.0.1:5000/v2.0,1,secret-123',
  '8,han,han@example.com,,Han,,0,secret-456',
].join('\n')

test.group('Import from the old licence manager', (group) => {
  group.each.teardown(emptyDatabase)

  test('people and instances come with their ids, once', async ({ assert }) => {
    const { staff } = await world()
    const { product, checking } = await licensing({ classicEnabled: true })
    const people = csvRows(USERS)
    assert.deepInclude(await ClassicImport.users(people), { added: 2, known: 0, refused: [] })
    const lilei = await User.findByOrFail('externalReference', '7')
    assert.isFalse(await lilei.verifyPassword('secret-123'))
    assert.isTrue((await User.findByOrFail('externalReference', '8')).isDisabled)

    const host = testHost()
    const file = classicHostFile('OLD-1', host, createPublicKey(checking.publicKey))
    const [, mac, serialNumber, code, ...key] = file.split('\n')
    const instances = csvRows(
      [
        'id,instancename,user_id,max_vm,max_user,expired_time,mac,serial_number,check_code,public_key',
        `31,OLD-1,7,50,60,2031-05-01 12:00:00,"${mac}",${serialNumber},${code},"${key.join('\n')}"`,
        '32,OLD-2,8,5,6,2031-05-01 00:00:00,,,,',
        '33,OLD-1,7,5,6,2031-05-01 00:00:00,,,,',
      ].join('\n')
    )
    const report = await ClassicImport.instances(instances, product, await staff())
    assert.deepEqual(report, { added: 2, known: 0, refused: [{ id: '33', why: 'E_NAME_IN_USE' }] })
    const row = await db.from('licenses').where('external_reference', '31').firstOrFail()
    assert.deepInclude(row, { name: 'OLD-1', max_vm: 50, max_user: 60 })
    const operation = await Tenant.system('test', () => Operation.query().firstOrFail())
    await finish(operation)
    assert.equal(operation.state, 'succeeded')
    const again = await ClassicImport.users(people)
    assert.deepInclude(again, { added: 0, known: 2 })
  })

  test('a cell in quotes holds commas, quotes and lines', ({ assert }) => {
    assert.deepEqual(csvLines('a, b ,"c, ""d""\ne"\r\n\r\n1,,'), [
      ['a', 'b', 'c, "d"\ne'],
      ['1', '', ''],
    ])
  })
})
