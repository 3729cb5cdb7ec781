import { BaseSchema } from '@adonisjs/lucid/schema'

/** Why an instance may not run, whose keys let somebody in, and offers to hand an instance over. */
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

    /** Public keys that a person keeps, to choose from when an instance is made. */
    this.schema.createTable('ssh_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      table.string('name', 80).notNullable()
      table.text('public_key').notNullable()
      /** SHA256:… as ssh-keygen tells it. */
      table.string('fingerprint', 60).notNullable()
      table.dateTime('created_at').notNullable()
      table.unique(['user_id', 'fingerprint'])
    })

    /** Public keys that Portico put on an instance. What its owner added by hand is not known here. */
    this.schema.createTable('instance_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table.text('public_key').notNullable()
      table.string('fingerprint', 60).notNullable()
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

    /** An instance that its owner offers to whoever has the link; only the link's hash is kept. */
    this.schema.createTable('transfers', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** `instance-7` while it can be accepted, null afterwards: one offer at a time. */
      table.string('open_on', 60).nullable().unique()
      table.string('token_hash', 64).notNullable().unique()
      table
        .integer('offered_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table
        .integer('accepted_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('expires_at').notNullable()
      table.dateTime('accepted_at').nullable()
      table.dateTime('withdrawn_at').nullable()
      table.dateTime('created_at').notNullable()
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
    for (const name of ['transfers', 'instance_keys', 'ssh_keys', 'suspensions']) {
      this.schema.dropTable(name)
    }
  }
}
