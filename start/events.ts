import redis from '@adonisjs/redis/services/main'

/** What is asked before the first connection stands waits for it; from then on a Redis that is away fails at once. */
redis.on('connection', ({ ioConnection }) => {
  ioConnection.once('ready', () => {
    ioConnection.options.enableOfflineQueue = false
  })
})
