import { BaseSchema } from '@adonisjs/lucid/schema'

/** Copies of an instance's disk: snapshots in its cluster, backups outside, and when they are made by themselves. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('snapshots', (table) => {
      table.increments('id')
      /** Also its name in the cluster. */
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table.string('name', 60).notNullable()
      /** Which of the instance's places it takes, from 1; null: its place went to the one that replaces it. */
      table.integer('slot').unsigned().nullable()
      /** hourly, daily, weekly: made by this schedule, which also removes it. */
      table.string('rhythm', 8).nullable()
      /** Set when the cluster has it; before, only its place is taken. */
      table.dateTime('taken_at').nullable()
      /** Removed then; null: kept until somebody deletes it. */
      table.dateTime('expires_at').nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.unique(['instance_id', 'slot'])
      table.unique(['instance_id', 'name'])
      table.index(['instance_id', 'id'])
      table.index(['organization_id', 'instance_id'])
      table.index(['expires_at', 'instance_id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('RESTRICT')
    })

    this.schema.createTable('backups', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      /** What it was made of; it may be deleted since. */
      table.integer('instance_id').unsigned().notNullable()
      table.string('name', 60).notNullable()
      table.integer('slot').unsigned().nullable()
      table.string('rhythm', 8).nullable()
      /** What its disk needs of whatever it is restored into. */
      table.integer('disk_gib').unsigned().notNullable()
      /** local, s3; cluster: it never left its cluster, which knows it by the key. */
      table.string('store', 8).notNullable()
      table.string('archive_key', 255).notNullable()
      table.bigInteger('size_bytes').unsigned().nullable()
      /** SHA-256 of the archive, hexadecimal. */
      table.string('digest', 64).nullable()
      /** Set when the whole of it is in the store. */
      table.dateTime('stored_at').nullable()
      table.dateTime('expires_at').nullable()
      /** Nobody sees it any more; the row goes when its archive is gone. */
      table.dateTime('deleted_at').nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.unique(['instance_id', 'slot'])
      table.unique(['instance_id', 'name'])
      table.index(['instance_id', 'id'])
      table.index(['organization_id', 'deleted_at', 'id'])
      table.index(['organization_id', 'instance_id'])
      table.index(['expires_at', 'id'])
      table.index(['deleted_at', 'id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('RESTRICT')
    })

    this.schema.createTable('copy_schedules', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** snapshot, backup */
      table.string('makes', 8).notNullable()
      /** hourly, daily, weekly */
      table.string('rhythm', 8).notNullable()
      /** How many of it are kept. */
      table.integer('keep').unsigned().notNullable()
      /** Of the day, where the cluster is; nothing to an hourly one. */
      table.integer('hour').unsigned().notNullable()
      /** 1 Monday … 7 Sunday; only to a weekly one. */
      table.integer('weekday').unsigned().notNullable()
      table.dateTime('next_at').notNullable()
      /** Code of the refusal that its last turn met; null: none. */
      table.string('refusal', 60).nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['instance_id', 'makes', 'rhythm'])
      table.index(['organization_id', 'instance_id'])
      table.index(['next_at', 'id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    for (const name of ['copy_schedules', 'backups', 'snapshots']) this.schema.dropTable(name)
  }
}
