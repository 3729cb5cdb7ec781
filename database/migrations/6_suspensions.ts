import { BaseSchema } from '@adonisjs/lucid/schema'

/** Why an instance may not run. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('suspensions', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** billing, abuse, traffic */
      table.string('reason', 16).notNullable()
      /** `instance-7 billing` until it is lifted, null afterwards: one of each reason at a time. */
      table.string('open_on', 60).nullable().unique()
      /** For staff. */
      table.string('note', 300).nullable()
      /** Whether the instance ran before: then it runs again after the last one is lifted. */
      table.boolean('was_running').notNullable().defaultTo(false)
      table
        .integer('imposed_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table
        .integer('lifted_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('lifted_at').nullable()
      table.dateTime('created_at').notNullable()
      table.index(['organization_id', 'instance_id'])
      table.index(['instance_id', 'open_on'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    this.schema.dropTable('suspensions')
  }
}
