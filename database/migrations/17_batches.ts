import { BaseSchema } from '@adonisjs/lucid/schema'

/** One deed asked for many instances at once, and what became of it for each. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('batches', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      /** null: staff, over all organizations. */
      table
        .integer('organization_id')
        .unsigned()
        .nullable()
        .references('organizations.id')
        .onDelete('RESTRICT')
      /** start, stop, restart, snapshot, suspend, unsuspend, delete */
      table.string('deed', 16).notNullable()
      /** What the deed wants to know beside the instance: the reason of a suspension. */
      table.json('input').notNullable()
      /** From where it was asked for, as the audit tells it of each of its operations. */
      table.json('origin').notNullable()
      table
        .integer('requested_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      /** Asked twice, done once. */
      table.string('request_key', 80).nullable()
      /** The batch whose failures this one tries again. */
      table.integer('retry_of_id').unsigned().nullable()
      table.dateTime('cancel_requested_at').nullable()
      table
        .integer('cancel_requested_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      /** Milliseconds since 1970; null while nobody advances it. */
      table.bigInteger('heartbeat_at').unsigned().nullable()
      /** When somebody last looked whether there is something to do. */
      table.bigInteger('looked_at').unsigned().nullable()
      table.dateTime('ended_at').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['requested_by_id', 'request_key'])
      table.index(['organization_id', 'id'])
      table.index(['ended_at', 'looked_at'])
    })

    this.schema.createTable('batch_items', (table) => {
      table.increments('id')
      /** No foreign key: a batch of staff belongs to no tenant, its items do. */
      table.integer('batch_id').unsigned().notNullable()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** waiting, opened, unchanged, refused, cancelled */
      table.string('state', 12).notNullable()
      /** The code of the refusal, and what fills its text. */
      table.string('refusal', 60).nullable()
      table.json('refusal_data').nullable()
      /** The same operation as the single deed's; what became of the item stands there. */
      table.integer('operation_id').unsigned().nullable()
      table.unique(['batch_id', 'instance_id'])
      table.index(['batch_id', 'state', 'id'])
      table.index(['operation_id'])
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
    this.schema.dropTable('batch_items')
    this.schema.dropTable('batches')
  }
}
