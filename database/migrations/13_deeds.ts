import { BaseSchema } from '@adonisjs/lucid/schema'

/** Keys by which one signs in to an instance, and offers of instances to other organizations. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('instance_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** `SHA256:…`, as ssh-keygen tells it. */
      table.string('fingerprint', 60).notNullable()
      /** One line, as it stands in authorized_keys. */
      table.text('public_key').notNullable()
      table.integer('added_by_id').unsigned().nullable().references('users.id').onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.unique(['instance_id', 'fingerprint'])
      table.index(['organization_id', 'instance_id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })

    /** An instance that is offered to another organization. Its own organization follows the instance. */
    this.schema.createTable('transfers', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table
        .integer('from_organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      table
        .integer('to_organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('CASCADE')
      /** `instance-7` while it can be accepted, else null: one open offer an instance. */
      table.string('open_on', 60).nullable().unique()
      table
        .integer('offered_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table
        .integer('decided_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('expires_at').notNullable()
      table.dateTime('accepted_at').nullable()
      table.dateTime('declined_at').nullable()
      table.dateTime('withdrawn_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.index(['to_organization_id', 'open_on'])
      table.index(['instance_id', 'id'])
      table.index(['organization_id', 'instance_id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    this.schema.dropTable('transfers')
    this.schema.dropTable('instance_keys')
  }
}
