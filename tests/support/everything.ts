import { Redis } from 'ioredis'
import db from '@adonisjs/lucid/services/db'
import { redisOptions } from '#config/redis'

/** Every row of every table, as one text to look for what must not be in it. */
export async function everyRow(): Promise<string> {
  const tables = await db.connection().getAllTables()
  const rows = await Promise.all(tables.map(async (table) => [table, await db.from(table)]))
  return JSON.stringify(rows)
}

/** Every key of our Redis database with its content. */
export async function everyKey(): Promise<string> {
  const redis = new Redis({ ...redisOptions, retryStrategy: () => null })
  try {
    const keys = await redis.keys('*')
    const content = await Promise.all(
      keys.map(async (key) => [key, await read(redis, key, await redis.type(key))])
    )
    return JSON.stringify(content)
  } finally {
    redis.disconnect()
  }
}

function read(redis: Redis, key: string, type: string): Promise<unknown> {
  switch (type) {
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, 0, -1)
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return redis.get(key)
  }
}
