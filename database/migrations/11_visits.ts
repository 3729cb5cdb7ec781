import { BaseSchema } from '@adonisjs/lucid/schema'

/** Stays of a billing system's customers on the pages of one instance, with the link that opens each. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('visits', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('billing_key_id')
        .unsigned()
        .notNullable()
        .references('billing_keys.id')
        .onDelete('CASCADE')
      table
        .integer('instance_id')
        .unsigned()
        .notNullable()
        .references('instances.id')
        .onDelete('CASCADE')
      /** Where it begins: overview, console, … */
      table.string('page', 16).notNullable()
      /** SHA-256 of the secret in the link; null once it was used. */
      table.string('link_hash', 64).nullable().unique()
      table.dateTime('link_expires_at').notNullable()
      table.dateTime('opened_at').nullable()
      /** Written once a minute at most. */
      table.dateTime('last_seen_at').nullable()
      /** However busy it was. */
      table.dateTime('expires_at').nullable()
      table.dateTime('ended_at').nullable()
      table.dateTime('created_at').notNullable()
      table.index(['instance_id', 'ended_at'])
      table.index(['created_at'])
    })
  }

  override async down() {
    this.schema.dropTable('visits')
  }
}
