import { BaseSchema } from '@adonisjs/lucid/schema'

/** What happened that somebody wants to know, and who is told. */
export default class extends BaseSchema {
  override async up() {
    /** Written in the transaction of what happened; a row that is not dispatched is still to be told. */
    this.schema.createTable('notices', (table) => {
      table.increments('id')
      /** The id by which a receiver knows a repetition. */
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      /** `instance.created`, `quota.near` … */
      table.string('type', 40).notNullable()
      table.json('data').notNullable()
      /** The only endpoint that is told; null: all that want it. */
      table.integer('webhook_id').unsigned().nullable()
      /** What may be said once has a key; the second of the same is not written. */
      table.string('only_on', 120).nullable().unique()
      table.dateTime('dispatched_at').nullable()
      table.dateTime('created_at').notNullable()
      table.index(['dispatched_at', 'id'])
      table.unique(['organization_id', 'id'])
    })

    /** Where a member wants something else than their role gets. */
    this.schema.createTable('notice_preferences', (table) => {
      table.increments('id')
      table
        .integer('membership_id')
        .unsigned()
        .notNullable()
        .references('memberships.id')
        .onDelete('CASCADE')
      /** created, failed, suspended, traffic, quota, expiry, transfer */
      table.string('kind', 16).notNullable()
      table.boolean('by_mail').notNullable()
      table.unique(['membership_id', 'kind'])
    })

    this.schema.createTable('webhooks', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      table.string('url', 500).notNullable()
      table.json('kinds').notNullable()
      /** The secret, and the one before it for as long as it is signed with, sealed. */
      table.text('secrets_encrypted').notNullable()
      /** Until when that is: pages tell it, and open no secret for it. */
      table.dateTime('overlap_until').nullable()
      /** Since when nothing arrived there. */
      table.dateTime('failing_since').nullable()
      /** Set while nothing is sent: after failing for long. */
      table.dateTime('disabled_at').nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
    })

    this.schema.createTable('webhook_deliveries', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('webhook_id').unsigned().notNullable()
      table.integer('notice_id').unsigned().notNullable()
      /** waiting, delivered, failed */
      table.string('state', 12).notNullable()
      table.integer('attempts').unsigned().notNullable().defaultTo(0)
      /** Milliseconds since 1970; null when nothing more is tried. */
      table.bigInteger('due_at').unsigned().nullable()
      table.integer('status').unsigned().nullable()
      /** address, timeout, certificate, … of the last attempt. */
      table.string('problem', 24).nullable()
      table.integer('took_ms').unsigned().nullable()
      table.dateTime('attempted_at').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['webhook_id', 'notice_id'])
      table.index(['due_at', 'id'])
      table
        .foreign(['organization_id', 'notice_id'])
        .references(['organization_id', 'id'])
        .inTable('notices')
        .onDelete('CASCADE')
      table
        .foreign(['organization_id', 'webhook_id'])
        .references(['organization_id', 'id'])
        .inTable('webhooks')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    for (const name of ['webhook_deliveries', 'webhooks', 'notice_preferences', 'notices']) {
      this.schema.dropTable(name)
    }
  }
}
