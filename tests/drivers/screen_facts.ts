import { once } from 'node:events'
import { test } from '@japa/runner'
import type { ComputeDriver, Facet, RemoteTask } from '#drivers/contract'
import { introduced, takeBytes } from '#drivers/streams'
import { kindOf, type Make } from '#tests/drivers/conformance'

type Given = {
  driver(): ComputeDriver
  make: Make
  makeRunning: Make
  follow(task: RemoteTask): Promise<void>
  hasNot(facet: Facet): Promise<boolean>
}

const UNKNOWN_REF = 'conformance-nobody'
const VERSION = 'RFB 003.008\n'
const GREETING_MS = 20_000
/** FramebufferUpdateRequest: the whole of a picture of at least this size. */
const UPDATE = Buffer.from([3, 0, 0, 0, 0, 0, 0, 16, 0, 16])

/** What a driver with screens promises. */
export function screenFacts({ driver, make, makeRunning, follow, hasNot }: Given) {
  const without = () => hasNot('screen')
  const NONE = 'no screen facet'
  const open = (ref: string) => driver().screen!.open(ref)

  test('a screen lets its viewer in without a sign-in, and draws when it is asked', async ({
    assert,
  }) => {
    const { ref } = await makeRunning()
    const screen = await open(ref)
    await introduced(screen, GREETING_MS, async () => {
      assert.equal((await takeBytes(screen, VERSION.length)).toString(), VERSION)
      screen.write(VERSION)
      assert.deepEqual([...(await takeBytes(screen, 2))], [1, 1])
      // The choice and ClientInit at once, as a browser may send them.
      screen.write(Buffer.from([1, 1]))
      assert.equal((await takeBytes(screen, 4)).readUInt32BE(), 0)
      const init = await takeBytes(screen, 24)
      assert.isAbove(init.readUInt16BE(0), 16)
      await takeBytes(screen, init.readUInt32BE(20))
      screen.write(UPDATE)
      const [kind] = await takeBytes(screen, 1)
      assert.equal(kind, 0)
    })
    screen.destroy()
  }).skip(without, NONE)

  test('a stop ends the screens of the instance, in good order', async ({ assert }) => {
    const { ref } = await makeRunning()
    const screens = await Promise.all([1, 2].map(() => open(ref)))
    const endings = screens.map((screen) => once(screen.resume(), 'end'))
    await follow(await driver().instances.power(ref, 'force_stop'))
    assert.lengthOf(await Promise.all(endings), screens.length)
  }).skip(without, NONE)

  test('a screen of what does not run is refused as invalid, of nothing as not_found', async ({
    assert,
  }) => {
    const { ref } = await make()
    assert.equal(await kindOf(open(ref)), 'invalid')
    assert.equal(await kindOf(open(UNKNOWN_REF)), 'not_found')
  }).skip(without, NONE)
}
