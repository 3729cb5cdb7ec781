import { test } from '@japa/runner'
import { parseAddress } from '#addressing/address'
import { macFor } from '#addressing/mac'

test.group('Hardware addresses', () => {
  test('an IPv4 address has one of its own, always the same', ({ assert }) => {
    const mac = (address: string) => macFor(parseAddress(address)!.key)
    assert.equal(mac('10.87.6.153'), '02:16:0a:57:06:99')
    assert.equal(mac('10.87.6.153'), mac('10.87.6.153'))
    assert.notEqual(mac('10.87.6.153'), mac('10.87.6.154'))
    assert.equal(mac('255.255.255.255'), '02:16:ff:ff:ff:ff')
  })
})
