import { BaseSchema } from '@adonisjs/lucid/schema'

/** Tenants, who belongs to them, and how much they may have. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('organizations', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.string('slug', 40).notNullable().unique()
      table.string('name', 80).notNullable()
      /** personal, team, provider */
      table.string('kind', 16).notNullable()
      /** 'provider' for the provider's own organization, else null: so there is only one. */
      table.string('provider_on', 16).nullable().unique()
      /** The row stays for what happened in it; its slug is free again. */
      table.dateTime('deleted_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    this.schema.createTable('memberships', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      /** owner, admin, operator, viewer */
      table.string('role', 16).notNullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'user_id'])
      table.index(['user_id'])
    })

    this.schema.createTable('invitations', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      /** Normalised to lower case. */
      table.string('email', 254).notNullable()
      /** `email` while the invitation can be accepted, else null: one open invitation an address. */
      table.string('open_email', 254).nullable()
      table.string('role', 16).notNullable()
      table.string('token_hash', 64).notNullable().unique()
      table
        .integer('invited_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('expires_at').notNullable()
      table.dateTime('accepted_at').nullable()
      table.dateTime('revoked_at').nullable()
      table.dateTime('sent_at').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['organization_id', 'open_email'])
      table.index(['open_email'])
    })

    /**
     * One row for each limited resource of a tenant. `used` only moves by a conditional update in the
     * transaction that opens the operation, so that two requests cannot both take the last unit.
     */
    this.schema.createTable('quotas', (table) => {
      table.increments('id')
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      /** instances, cpus, memory_mib, disk_gib, addresses, port_forwards, snapshots */
      table.string('resource', 24).notNullable()
      /** null: not limited. */
      table.integer('maximum').unsigned().nullable()
      table.integer('used').unsigned().notNullable().defaultTo(0)
      table.unique(['organization_id', 'resource'])
    })

    /** What each thing holds of a quota: the unique key makes taking and giving back happen once. */
    this.schema.createTable('quota_holdings', (table) => {
      table.increments('id')
      table.integer('organization_id').unsigned().notNullable()
      table.string('resource', 24).notNullable()
      /** e.g. instance-7 */
      table.string('subject', 60).notNullable()
      table.integer('amount').unsigned().notNullable()
      table.unique(['subject', 'resource'])
      table.index(['organization_id', 'resource'])
      table.foreign('organization_id').references('organizations.id').onDelete('CASCADE')
    })
  }

  override async down() {
    for (const name of [
      'quota_holdings',
      'quotas',
      'invitations',
      'memberships',
      'organizations',
    ]) {
      this.schema.dropTable(name)
    }
  }
}
