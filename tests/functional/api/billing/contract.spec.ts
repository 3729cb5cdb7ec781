import type { ApiRequest } from '@japa/api-client'
import { test } from '@japa/runner'
import router from '@adonisjs/core/services/router'
import { issueBillingKey, withWorker } from '#tests/support/billing'
import { contractStories, differences } from '#tests/support/contracts'
import { emptyDatabase } from '#tests/support/test_database'
import { portPool, world } from '#tests/support/world'

const FILES = ['first', 'second', 'refusals', 'portico'].map((name) => `billing_${name}.json`)
const stories = FILES.flatMap((file) => contractStories(file))

test.group('Contract of the billing API', (group) => {
  // Not in a transaction: a worker runs beside the requests.
  group.each.teardown(() => emptyDatabase())

  for (const { title, steps } of stories) {
    test(title, async ({ client, assert }) => {
      const { acme, cluster } = await world()
      await portPool(cluster)
      const apikey = await issueBillingKey(acme)
      await withWorker(async () => {
        for (const { request: asked, answer } of steps) {
          const call = client[asked.method.toLowerCase() as 'get' | 'post'](
            asked.path
          ) as ApiRequest
          const request = call.header('apikey', apikey).qs(asked.query ?? {})
          if (asked.json) request.json(asked.json)
          if (asked.form) request.form(asked.form)
          const response = await request
          const named = `${asked.method} ${asked.path} ${JSON.stringify(asked.form ?? asked.json ?? asked.query ?? '')}`
          assert.deepEqual(differences(answer.body, response.body()), [], named)
          assert.equal(response.status(), answer.status, named)
          assert.sameMembers(Object.keys(response.body()), ['code', 'msg', 'data'], named)
        }
      })
    })
  }

  test('every route of the billing API stands in a story', ({ assert }) => {
    const told = new Set(
      stories.flatMap(({ steps }) =>
        steps.map(({ request: { method, path } }) => `${method} ${path}`)
      )
    )
    const routes = Object.values(router.toJSON())
      .flat()
      .filter(({ name }) => name?.startsWith('billing.'))
      .map(({ methods, pattern }) => `${methods[0]} ${pattern}`)
    assert.isNotEmpty(routes)
    assert.deepEqual(
      routes.filter((route) => !told.has(route)),
      []
    )
  })
})
