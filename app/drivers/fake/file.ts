import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { DriverError } from '#drivers/errors'

/** Marks a SQLite file as a fake cluster, so that no other file is ever taken for one. */
const APPLICATION_ID = 0x506f7274
const SCHEMA_VERSION = 7
/** How long one process waits for another's write. */
const LOCK_MS = 5_000

const SCHEMA = `
  CREATE TABLE options (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE faults (
    id INTEGER PRIMARY KEY, call TEXT NOT NULL, effect TEXT NOT NULL, ref TEXT, kind TEXT, reason TEXT,
    times INTEGER NOT NULL);
  CREATE TABLE nodes (
    name TEXT PRIMARY KEY, online INTEGER NOT NULL DEFAULT 1, cpus INTEGER NOT NULL,
    memory_mib INTEGER NOT NULL, memory_used_mib INTEGER NOT NULL DEFAULT 0,
    disk_gib INTEGER NOT NULL, disk_used_gib INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE images (ref TEXT PRIMARY KEY, image TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE storage_pools (name TEXT PRIMARY KEY, type TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE networks (name TEXT PRIMARY KEY, network TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE instances (
    ref TEXT PRIMARY KEY, stamp TEXT, node TEXT NOT NULL, kind TEXT NOT NULL, made INTEGER NOT NULL,
    power TEXT NOT NULL, started_at INTEGER, ignores_stop INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    cpus INTEGER NOT NULL, memory_mib INTEGER NOT NULL, disk_gib INTEGER NOT NULL,
    ingress_mbps INTEGER, egress_mbps INTEGER,
    mac_address TEXT NOT NULL, addresses TEXT NOT NULL, cards TEXT NOT NULL DEFAULT '[]', password_hash TEXT, authorized_keys TEXT, host_name TEXT
  ) WITHOUT ROWID;
  CREATE TABLE snapshots (
    ref TEXT NOT NULL, name TEXT NOT NULL, created_at INTEGER NOT NULL, cpus INTEGER NOT NULL,
    memory_mib INTEGER NOT NULL, disk_gib INTEGER NOT NULL, ingress_mbps INTEGER, egress_mbps INTEGER,
    password_hash TEXT, authorized_keys TEXT, PRIMARY KEY (ref, name)) WITHOUT ROWID;
  CREATE TABLE archives (
    ref TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (ref, name)) WITHOUT ROWID;
  CREATE TABLE work (
    ref TEXT PRIMARY KEY, started_at INTEGER NOT NULL, cpu_ms INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL, sent_bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE leases (address TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (address, ref)) WITHOUT ROWID;
  CREATE INDEX leases_ref ON leases (ref);
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY, ref TEXT NOT NULL, deed TEXT NOT NULL, size TEXT, snapshot TEXT, node TEXT, begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL, state TEXT NOT NULL, forgotten INTEGER NOT NULL DEFAULT 0,
    fails_as TEXT, reason TEXT) WITHOUT ROWID;
  CREATE INDEX tasks_state ON tasks (state, ends_at);
  CREATE INDEX tasks_running ON tasks (ref) WHERE state = 'running';
  CREATE TABLE forwards (
    ref TEXT PRIMARY KEY, protocol TEXT NOT NULL, listen_address TEXT NOT NULL,
    first_port INTEGER NOT NULL, last_port INTEGER NOT NULL, instance TEXT,
    target_address TEXT NOT NULL, target_port INTEGER NOT NULL) WITHOUT ROWID;
`

/** The SQLite file in which a fake cluster lives; several processes use it at once. */
export class FakeFile {
  private readonly statements = new Map<string, StatementSync>()

  private constructor(private readonly database: DatabaseSync) {}

  /** @throws DriverError unreachable when there is none: a cluster that is not there does not answer */
  static open(path: string): FakeFile {
    if (!existsSync(path))
      throw new DriverError('unreachable', `there is no fake cluster at ${path}`)
    const file = new FakeFile(connect(path))
    const { application_id: mark } = file.get<{ application_id: number }>('PRAGMA application_id')!
    const { user_version: version } = file.get<{ user_version: number }>('PRAGMA user_version')!
    if (mark === APPLICATION_ID && version === SCHEMA_VERSION) return file
    file.close()
    throw new DriverError('unsupported', `${path} is no fake cluster, or one of another version`)
  }

  /** A new, empty one in the place of what was there. */
  static create(path: string): FakeFile {
    mkdirSync(dirname(path), { recursive: true })
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    const database = connect(path)
    database.exec(SCHEMA)
    database.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`
    )
    return new FakeFile(database)
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.prepare(sql).get(...values) as Row | undefined
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.prepare(sql).all(...values) as Row[]
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.prepare(sql).run(...values).changes)
  }

  /** Writers queue here; what `work` reads cannot change before it writes. */
  transaction<Result>(work: () => Result): Result {
    if (this.database.isTransaction) return work()
    this.database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.database.exec('COMMIT')
      return result
    } catch (error) {
      this.database.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.statements.clear()
    if (this.database.isOpen) this.database.close()
  }

  private prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql)
    if (!statement) {
      statement = this.database.prepare(sql)
      this.statements.set(sql, statement)
    }
    return statement
  }
}

/** `fake:tmp/cluster.sqlite`, seen from where the process was started; the ending guards other files. */
export function pathOf(endpoint: string): string {
  const path = /^fake:(.+\.sqlite)$/.exec(endpoint)?.[1]
  if (path) return resolve(path)
  throw new DriverError('invalid', 'the address of a fake cluster reads fake:path/to/file.sqlite')
}

function connect(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { timeout: LOCK_MS })
    // It outlives a killed process, which is all it has to; it need not outlive a power cut.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    return database
  } catch (error) {
    throw new DriverError('unreachable', `the fake cluster at ${path} cannot be opened`, {
      cause: error,
    })
  }
}
