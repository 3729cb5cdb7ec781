import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import type { MysqlConfig } from '@adonisjs/lucid/types/database'
import { credentialKeyRing } from '#config/encryption'
import { redisOptions } from '#config/redis'
import { closeQueues } from '#services/queue'
import { credentialKeys } from '#start/credential_keys'
import {
  PRODUCTION_BUILD,
  Process,
  startWeb,
  type Variables,
  type Web,
} from '#tests/support/processes'

const run = promisify(execFile)
const DATABASE = 'portico_faults_test'

type DatabaseConfig = { connections: { mysql: MysqlConfig & { connection: object } } }

/** What the suite stands on, and which program is missing when it cannot. */
export function missingPrograms(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const missing = ['redis-server', 'mariadbd', 'mariadb'].filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program)))
  )
  return missing.length > 0 ? `needs ${missing.join(', ')}` : null
}

/** … and for web processes. */
export function missingForWebs(): string | null {
  const noBuild = 'no production build here: bin/test faults makes one'
  return missingPrograms() ?? (PRODUCTION_BUILD ? null : noBuild)
}

/**
 * A MariaDB and a Redis of the suite's own, to be killed and started again as one likes. The models of the
 * tests' process work on them too.
 */
export class FaultGround {
  private constructor(
    private readonly folder: string,
    readonly variables: Variables
  ) {}

  private static prepared: Promise<FaultGround> | null = null

  /** The same for every test of the suite. */
  static shared(): Promise<FaultGround> {
    FaultGround.prepared ??= FaultGround.prepare()
    return FaultGround.prepared
  }

  static async endShared(): Promise<void> {
    const ground = await FaultGround.prepared?.catch(() => null)
    await ground?.end()
  }

  private static async prepare(): Promise<FaultGround> {
    // Beside the report of bin/test, which stops what lies there however this process ends.
    const { TEST_REPORT } = process.env
    const folder = TEST_REPORT ? dirname(TEST_REPORT) : app.tmpPath(`faults-${process.pid}`)
    mkdirSync(folder, { recursive: true })
    const ground = new FaultGround(folder, {
      NODE_ENV: 'test',
      TZ: 'UTC',
      LOG_LEVEL: 'info',
      // Keys of its own: a production build refuses those of .env.test.
      APP_KEY: randomBytes(32).toString('base64'),
      CREDENTIAL_KEYS: `faults:${randomBytes(32).toString('base64')}`,
      SESSION_DRIVER: 'database',
      LIMITER_STORE: 'database',
      DB_CONNECTION: 'mysql',
      DB_DATABASE: DATABASE,
      // Quick enough to watch, and slow enough for a busy machine.
      OPERATION_STALE_MS: '1000',
      OPERATION_SWEEP_MS: '300',
      OPERATION_BACKOFF_MS: '100',
    })
    await ground.startDatabase()
    await ground.startRedis()
    await services('mariadb_database', ground.path('mariadb'), DATABASE)
    const migrate = Process.start(
      'migrations',
      [process.execPath, 'ace.js', 'migration:run', '--no-schema-generate'],
      ground.variables
    )
    const { code } = await migrate.ended
    if (code !== 0) throw new Error(`the migrations failed:\n${migrate.output}`)
    await ground.useHere()
    return ground
  }

  /** A web process of the production build. */
  web(variables: Variables = {}): Promise<Web> {
    return startWeb({ ...this.variables, NODE_ENV: 'production', ...variables }, PRODUCTION_BUILD)
  }

  async startDatabase(): Promise<void> {
    Object.assign(this.variables, await services('mariadb_start', this.path('mariadb')))
  }

  async startRedis(): Promise<void> {
    Object.assign(this.variables, await services('redis_start', this.path('redis')))
  }

  /** kill -9: as a crash of the server. Data that was committed is on its disk. */
  killDatabase(): void {
    process.kill(pidIn(this.path('mariadb')), 'SIGKILL')
  }

  killRedis(): void {
    process.kill(pidIn(this.path('redis')), 'SIGKILL')
  }

  async flushRedis(): Promise<void> {
    const redis = new Redis(this.variables.REDIS_URL)
    try {
      await redis.flushall()
    } finally {
      redis.disconnect()
    }
  }

  private async end(): Promise<void> {
    await closeQueues()
    await db.manager.close('mysql')
    for (const name of ['redis', 'mariadb']) {
      await services('end', this.path(name))
      rmSync(this.path(name), { recursive: true, force: true })
    }
  }

  /** The tests' own models and queues look at the same database and Redis as the processes, with the same keys. */
  private async useHere(): Promise<void> {
    const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, REDIS_URL, CREDENTIAL_KEYS } = this.variables
    credentialKeyRing.unshift(...credentialKeys(CREDENTIAL_KEYS))
    const { mysql } = app.config.get<DatabaseConfig>('database').connections
    db.manager.patch('mysql', {
      ...mysql,
      connection: {
        ...mysql.connection,
        host: DB_HOST,
        port: Number(DB_PORT),
        user: DB_USER,
        password: DB_PASSWORD,
        database: DATABASE,
      },
    })
    db.primaryConnectionName = 'mysql'
    const { port, password } = new URL(REDIS_URL)
    Object.assign(redisOptions, { host: '127.0.0.1', port: Number(port), password, db: 0 })
    await closeQueues()
  }

  private path(name: string): string {
    return join(this.folder, name)
  }
}

async function services(...command: string[]): Promise<Variables> {
  const { stdout } = await run(app.makePath('bin/lib/services.sh'), command, { timeout: 60_000 })
  return Object.fromEntries(
    stdout
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => line.split(/=(.*)/s).slice(0, 2))
  )
}

function pidIn(folder: string): number {
  return Number(readFileSync(join(folder, 'pid'), 'utf8').split(' ')[0])
}
