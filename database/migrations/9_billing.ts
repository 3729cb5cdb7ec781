import { BaseSchema } from '@adonisjs/lucid/schema'

/** Keys by which a billing system orders and runs an organization's instances. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('billing_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('RESTRICT')
      table.string('name', 80).notNullable()
      /** The first characters, by which a person knows it and we find it. */
      table.string('prefix', 12).notNullable().unique()
      /** SHA-256 of the whole key, which has 256 random bits: guessing it is out of reach. */
      table.string('key_hash', 64).notNullable()
      /** Addresses and CIDRs it may be used from; empty: any. */
      table.json('allowed_addresses').notNullable()
      /** Whether it may order sizes that no plan has. */
      table.boolean('allows_free_sizes').notNullable().defaultTo(true)
      table.dateTime('expires_at').nullable()
      table.dateTime('revoked_at').nullable()
      /** Written once a minute at most. */
      table.dateTime('last_used_at').nullable()
      table.string('last_used_from', 45).nullable()
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
    /** What it may order; without a row: whatever is offered. */
    this.schema.createTable('billing_key_plans', (table) => {
      table
        .integer('billing_key_id')
        .unsigned()
        .notNullable()
        .references('billing_keys.id')
        .onDelete('CASCADE')
      table.integer('plan_id').unsigned().notNullable().references('plans.id').onDelete('CASCADE')
      table.primary(['billing_key_id', 'plan_id'])
    })
    this.schema.createTable('billing_key_clusters', (table) => {
      table
        .integer('billing_key_id')
        .unsigned()
        .notNullable()
        .references('billing_keys.id')
        .onDelete('CASCADE')
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.primary(['billing_key_id', 'cluster_id'])
    })
  }

  override async down() {
    for (const name of ['billing_key_clusters', 'billing_key_plans', 'billing_keys']) {
      this.schema.dropTable(name)
    }
  }
}
