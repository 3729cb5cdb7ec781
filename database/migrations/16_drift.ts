import { BaseSchema } from '@adonisjs/lucid/schema'

/** What differs between the rows and the clusters, and how well the clusters are. */
export default class extends BaseSchema {
  override async up() {
    /** One row a difference, for as long as it is seen. */
    this.schema.createTable('drift_findings', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      /** missing, orphan, stranger, limits, power, addresses, forwards */
      table.string('kind', 16).notNullable()
      /** The instance's or forward's uid; of what no row is about, its name in the cluster. */
      table.string('subject', 120).notNullable()
      table
        .integer('instance_id')
        .unsigned()
        .nullable()
        .references('instances.id')
        .onDelete('CASCADE')
      /** What people call it. */
      table.string('name', 120).notNullable()
      /** What should be, what is, and what else is known of the guest. */
      table.json('facts').notNullable()
      table.dateTime('first_seen_at').notNullable()
      table.dateTime('last_seen_at').notNullable()
      /** Set while a person wants to hear no more of it; it is told again when it becomes another. */
      table.dateTime('forgotten_at').nullable()
      table
        .integer('forgotten_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.unique(['cluster_id', 'kind', 'subject'])
      /** The list of staff, newest first: of all clusters, and of one. */
      table.index(['forgotten_at', 'id'])
      table.index(['cluster_id', 'forgotten_at', 'id'])
      table.index(['instance_id'])
    })

    /** The last comparison of each cluster. */
    this.schema.createTable('drift_rounds', (table) => {
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .primary()
        .references('clusters.id')
        .onDelete('CASCADE')
      /** Milliseconds since 1970, while one runs: until then no other begins. */
      table.bigInteger('claimed_until').unsigned().nullable()
      table.dateTime('compared_at').nullable()
      table.integer('guests').unsigned().notNullable().defaultTo(0)
      table.integer('took_ms').unsigned().notNullable().defaultTo(0)
      /** Port forwards that were put right by the way. */
      table.integer('forwards_restored').unsigned().notNullable().defaultTo(0)
      table.integer('forwards_removed').unsigned().notNullable().defaultTo(0)
      table.string('error_kind', 24).nullable()
    })

    /** The examination of each cluster that goes on, or was the last. */
    this.schema.createTable('doctor_examinations', (table) => {
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .primary()
        .references('clusters.id')
        .onDelete('CASCADE')
      /** Set from the moment somebody asks for it until it begins. */
      table.dateTime('asked_at').nullable()
      table.bigInteger('claimed_until').unsigned().nullable()
      table.integer('done').unsigned().notNullable().defaultTo(0)
      table.integer('total').unsigned().notNullable().defaultTo(0)
      table.dateTime('started_at').nullable()
      table.dateTime('ended_at').nullable()
    })

    /** What the last examination found, one row a check and place. */
    this.schema.createTable('doctor_checks', (table) => {
      table.increments('id')
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('name', 24).notNullable()
      /** A node, network or pool; empty: the whole cluster. */
      table.string('place', 120).notNullable()
      /** ok, warn, fail, unknown */
      table.string('state', 8).notNullable()
      /** Which words tell it. */
      table.string('saying', 48).notNullable()
      /** What was measured, to be filled into them. */
      table.json('measured').notNullable()
      /** Since when it is in this state. */
      table.dateTime('since').notNullable()
      table.dateTime('measured_at').notNullable()
      table.unique(['cluster_id', 'name', 'place'])
      table.index(['state'])
    })
  }

  override async down() {
    for (const name of ['doctor_checks', 'doctor_examinations', 'drift_rounds', 'drift_findings']) {
      this.schema.dropTable(name)
    }
  }
}
