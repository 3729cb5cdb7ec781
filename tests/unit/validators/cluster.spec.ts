import { test } from '@japa/runner'
import { vlansValidator } from '#validators/cluster'

const vlansOf = async (vlans?: string) => (await vlansValidator.validate({ vlans })).vlans

test.group('VLANs of a cluster', () => {
  test('are read as people write them, each once', async ({ assert }) => {
    assert.deepEqual(await vlansOf('10, 20，30、10  4094'), [10, 20, 30, 4094])
    assert.deepEqual(await vlansOf(' '), [])
    assert.deepEqual(await vlansOf(), [])
  })

  test('are numbers from 1 to 4094', async ({ assert }) => {
    for (const typed of ['0', '4095', '1.5', '-3', 'ten', '10;20', '1e3x']) {
      await assert.rejects(() => vlansOf(typed), 'Validation failure')
    }
  })
})
