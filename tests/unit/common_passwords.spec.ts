import { test } from '@japa/runner'
import { isCommonPassword } from '#services/common_passwords'

test.group('Common passwords', () => {
  test('{$self} is one')
    .with([
      'qwertyuiop',
      'Password123!',
      '123password',
      'p4ssw0rd!!',
      'dragondragon',
      'abcabcabcabc',
      'aaaaaaaaaaaa',
      '9876543210',
      'abcdefghijkl',
      ' Superman99 ',
    ])
    .run(async ({ assert }, password) => {
      assert.isTrue(await isCommonPassword(password))
    })

  test('{$self} is none')
    .with([
      'seven lemons under a blue roof',
      'dragon 8417 lantern',
      'kmzXq2vB9w',
      '星期三下午在河边散步',
      'correct-horse-staple',
    ])
    .run(async ({ assert }, password) => {
      assert.isFalse(await isCommonPassword(password))
    })

  test('little more than the person or the house is one', async ({ assert }) => {
    const words = ['li.wei@example.com', 'Li Wei', 'portico']
    for (const password of ['li.wei@example.com', 'Portico2026', 'portico.portico']) {
      assert.isTrue(await isCommonPassword(password, words), password)
    }
    assert.isFalse(await isCommonPassword('portico by the northern sea', words))
  })
})
