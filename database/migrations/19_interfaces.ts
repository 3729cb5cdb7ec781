import { BaseSchema } from '@adonisjs/lucid/schema'

/** Network cards beside the one an instance was made with. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('interfaces', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table
        .integer('network_id')
        .unsigned()
        .notNullable()
        .references('networks.id')
        .onDelete('RESTRICT')
      /** As the guest sees it: eth1, eth2 … */
      table.string('name', 8).notNullable()
      /** Known once its first address is. */
      table.string('mac_address', 17).nullable()
      /** Set when the cluster has it. */
      table.dateTime('attached_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['instance_id', 'id'])
      table.unique(['instance_id', 'name'])
      table.unique(['instance_id', 'network_id'])
      table.index(['organization_id', 'instance_id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('RESTRICT')
    })
    this.schema.alterTable('addresses', (table) => {
      /** Of a further card; null: of the one it was made with. */
      table.integer('interface_id').unsigned().nullable()
      // By the instance, whose tenant both share: a transfer changes the tenant of either, one after the other.
      table
        .foreign(['instance_id', 'interface_id'])
        .references(['instance_id', 'id'])
        .inTable('interfaces')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    this.schema.alterTable('addresses', (table) => {
      table.dropForeign(['instance_id', 'interface_id'])
      table.dropColumn('interface_id')
    })
    this.schema.dropTable('interfaces')
  }
}
