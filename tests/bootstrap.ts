import app from '@adonisjs/core/services/app'
import server from '@adonisjs/core/services/server'
import testUtils from '@adonisjs/core/services/test_utils'
import type { Config } from '@japa/runner/types'
import { assert } from '@japa/assert'
import { apiClient } from '@japa/api-client'
import { browserClient } from '@japa/browser-client'
import { pluginAdonisJS } from '@japa/plugin-adonisjs'
import { sessionApiClient } from '@adonisjs/session/plugins/api_client'
import { shieldApiClient } from '@adonisjs/shield/plugins/api_client'
import { authApiClient } from '@adonisjs/auth/plugins/api_client'
import { acceptUpgrades } from '#services/upgrades'
import { launchChromium } from '#tests/support/chromium'
import { FaultGround } from '#tests/support/fault_ground'
import { stopOwnLxd } from '#tests/support/lxd_lab'
import { report } from '#tests/support/report'
import { freshDatabase } from '#tests/support/test_database'

export const plugins: Config['plugins'] = [
  assert(),
  apiClient(),
  browserClient({ runInSuites: ['browser'], launcher: launchChromium }),
  pluginAdonisJS(app),
  sessionApiClient(app),
  shieldApiClient(),
  authApiClient(app),
  report(),
]

export const runnerHooks: Required<Pick<Config, 'setup' | 'teardown'>> = {
  setup: [],
  teardown: [],
}

export const configureSuite: Config['configureSuite'] = (suite) => {
  // The faults bring a database of their own, which they may break.
  if (suite.name === 'faults') {
    suite.teardown(() => FaultGround.endShared())
    suite.teardown(() => stopOwnLxd())
  } else suite.setup(freshDatabase)
  if (['functional', 'plugin', 'browser'].includes(suite.name)) {
    suite.setup(async () => {
      const stop = await testUtils.httpServer().start()
      acceptUpgrades(server.getNodeServer()!, server.handle.bind(server))
      return stop
    })
  }
}
