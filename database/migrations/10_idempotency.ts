import { BaseSchema } from '@adonisjs/lucid/schema'

/** What a program asked for under a key of its own, and what it was answered. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('idempotency_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      /** SHA-256 of the key: it is chosen by strangers, and however long. */
      table.string('key_hash', 64).notNullable()
      /** SHA-256 of method, path and body. */
      table.string('fingerprint', 64).notNullable()
      /** null: the first request is still at it. */
      table.integer('status').unsigned().nullable()
      /** Headers and body, sealed: an answer may hold what is shown once. */
      table.text('answer_encrypted', 'mediumtext').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['user_id', 'key_hash'])
      table.index(['created_at'])
    })
  }

  override async down() {
    this.schema.dropTable('idempotency_keys')
  }
}
