import { BaseSchema } from '@adonisjs/lucid/schema'

/** People, how they prove who they are, and where they are signed in. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('users', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      /** Normalised to lower case: SQLite compares case-sensitively, MariaDB does not. */
      table.string('email', 254).notNullable().unique()
      table.string('full_name', 120).nullable()
      /** A name to sign in with: chosen over the API, or what the licence manager of before called them. */
      table.string('username', 80).nullable().unique()
      table.string('phone', 20).nullable()
      /** Where this customer's own cloud answers: an OpenStack identity service. */
      table.string('keystone_url', 255).nullable()
      /** The row's id in the system it came from. */
      table.string('external_reference', 64).nullable().unique()
      table.string('password', 255).notNullable()
      table.string('locale', 10).notNullable().defaultTo('zh-CN')
      table.string('time_zone', 64).notNullable().defaultTo('Asia/Shanghai')
      /** Platform staff: admin, operator, viewer; null for everybody else. */
      table.string('staff_role', 16).nullable()
      table.dateTime('email_verified_at').nullable()
      /** Asked for and not confirmed yet; meanwhile the account does not count as verified. */
      table.string('new_email', 254).nullable()
      table.text('totp_secret_encrypted').nullable()
      table.dateTime('totp_confirmed_at').nullable()
      /** Last time step whose code was accepted: a code works once. */
      table.integer('totp_last_step').unsigned().nullable()
      /** Whether they are told by mail when an API token of theirs ends soon. */
      table.boolean('token_mails').notNullable().defaultTo(true)
      table.dateTime('last_sign_in_at').nullable()
      table.dateTime('disabled_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    /** One-time links: only the hash is kept. */
    this.schema.createTable('user_tokens', (table) => {
      table.increments('id')
      /** null only for first_admin, which makes its user. */
      table.integer('user_id').unsigned().nullable().references('users.id').onDelete('CASCADE')
      /** verify_email, change_email, reset_password, first_admin */
      table.string('purpose', 24).notNullable()
      /** 'first_admin' on that one token, else null: so there is only one, however many processes start. */
      table.string('only_on', 16).nullable().unique()
      table.string('hash', 64).notNullable().unique()
      /** change_email: the new address. */
      table.string('email', 254).nullable()
      table.dateTime('expires_at').notNullable()
      table.dateTime('used_at').nullable()
      table.dateTime('created_at').notNullable()
      table.index(['user_id', 'purpose'])
    })

    this.schema.createTable('recovery_codes', (table) => {
      table.increments('id')
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      table.string('hash', 64).notNullable()
      table.dateTime('used_at').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['user_id', 'hash'])
    })

    this.schema.createTable('passkeys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      table.string('name', 80).notNullable()
      table.string('credential_id', 512).notNullable().unique()
      table.text('public_key').notNullable()
      table.bigInteger('counter').unsigned().notNullable().defaultTo(0)
      table.string('transports', 120).nullable()
      table.dateTime('last_used_at').nullable()
      table.dateTime('created_at').notNullable()
    })

    /** What a person is shown of their sessions; also the absolute limit and the way to end one. */
    this.schema.createTable('user_sessions', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      table.string('ip_address', 45).notNullable()
      table.string('user_agent', 400).notNullable().defaultTo('')
      /** password, passkey, link, or password and what came second: password+totp, … */
      table.string('method', 24).notNullable()
      table.dateTime('last_seen_at').notNullable()
      /** Of the last proof of identity; guards credentials, members, keys and deletions. */
      table.dateTime('confirmed_at').notNullable()
      table.dateTime('expires_at').notNullable()
      table.dateTime('ended_at').nullable()
      table.dateTime('created_at').notNullable()
      table.index(['user_id', 'ended_at'])
    })

    /** What a cookie stands for. Only the hash of its id is kept: a copy of this table opens nothing. */
    this.schema.createTable('sessions', (table) => {
      table.string('id', 64).primary()
      /** A refused form comes back by way of it, with all that was pasted. */
      table.text('data', 'mediumtext').notNullable()
      table
        .integer('user_session_id')
        .unsigned()
        .nullable()
        .references('user_sessions.id')
        .onDelete('CASCADE')
      table.dateTime('expires_at').notNullable().index()
    })

    this.schema.createTable('auth_access_tokens', (table) => {
      table.increments('id')
      table
        .integer('tokenable_id')
        .unsigned()
        .notNullable()
        .references('users.id')
        .onDelete('CASCADE')
      table.string('type').notNullable()
      table.string('name').nullable()
      table.string('hash').notNullable()
      table.text('abilities').notNullable()
      table.dateTime('created_at')
      table.dateTime('updated_at')
      table.dateTime('last_used_at').nullable()
      table.dateTime('expires_at').nullable()
      /** JSON list of addresses and CIDRs that it may be used from; null: any. */
      table.text('allowed_addresses').nullable()
      table.integer('requests_per_minute').unsigned().nullable()
      table.string('last_used_from', 45).nullable()
      /** When its owner was told that it ends soon. */
      table.dateTime('expiry_told_at').nullable()
    })

    /** The store of @adonisjs/limiter. */
    this.schema.createTable('rate_limits', (table) => {
      table.string('key', 255).notNullable().primary()
      table.integer('points', 9).notNullable().defaultTo(0)
      table.bigInteger('expire').unsigned()
    })
  }

  override async down() {
    for (const name of [
      'rate_limits',
      'auth_access_tokens',
      'sessions',
      'user_sessions',
      'passkeys',
      'recovery_codes',
      'user_tokens',
      'users',
    ]) {
      this.schema.dropTable(name)
    }
  }
}
