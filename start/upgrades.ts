import app from '@adonisjs/core/services/app'
import server from '@adonisjs/core/services/server'
import { acceptUpgrades } from '#services/upgrades'

/** Once the web process has its server. */
app.ready(() => {
  if (app.getEnvironment() !== 'web') return
  acceptUpgrades(server.getNodeServer()!, server.handle.bind(server))
})
