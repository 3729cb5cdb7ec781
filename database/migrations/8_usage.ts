import { BaseSchema } from '@adonisjs/lucid/schema'

/** How long a line of samples is, in seconds; what it keeps is said in `app/models/usage_samples.ts`. */
const SAMPLES = ['usage_minutes', 'usage_fives', 'usage_hours']

/** What instances use: counters last read, samples of it, and the traffic of each month. */
export default class extends BaseSchema {
  override async up() {
    /** One row a cluster: who reads it now, and what was read last. */
    this.schema.createTable('usage_rounds', (table) => {
      table.integer('cluster_id').unsigned().primary().references('clusters.id').onDelete('CASCADE')
      /** Milliseconds since 1970, while a round runs: until then no other one begins. */
      table.bigInteger('claimed_until').unsigned().nullable()
      /** The last minute that was counted, in seconds since 1970. No minute is counted twice. */
      table.integer('minute').unsigned().nullable()
      table.integer('instances').unsigned().notNullable().defaultTo(0)
      table.integer('took_ms').unsigned().notNullable().defaultTo(0)
      table.string('error_kind', 24).nullable()
    })

    /** Something that is measured: an instance, or all of a node or cluster. */
    this.schema.createTable('meters', (table) => {
      table.increments('id')
      table
        .integer('instance_id')
        .unsigned()
        .nullable()
        .unique()
        .references('instances.id')
        .onDelete('CASCADE')
      table
        .integer('node_id')
        .unsigned()
        .nullable()
        .unique()
        .references('nodes.id')
        .onDelete('CASCADE')
      table
        .integer('cluster_id')
        .unsigned()
        .nullable()
        .unique()
        .references('clusters.id')
        .onDelete('CASCADE')
      /** The counters of an instance as last read; null before that. */
      table.json('counters').nullable()
    })

    /**
     * What was used in a span that begins at `at` (seconds since 1970): sums, so that spans add up to longer
     * ones. Without a foreign key, which would lock the meter's row with every sample.
     */
    for (const name of SAMPLES) {
      this.schema.createTable(name, (table) => {
        table.integer('meter_id').unsigned().notNullable()
        table.integer('at').unsigned().notNullable()
        /** How often it was read, and how many seconds that covers. */
        table.integer('readings').unsigned().notNullable()
        table.integer('seconds').unsigned().notNullable()
        table.bigInteger('cpu_ms').unsigned().notNullable()
        table.bigInteger('memory_mib').unsigned().notNullable()
        table.bigInteger('disk_mib').unsigned().nullable()
        table.bigInteger('received_bytes').unsigned().notNullable()
        table.bigInteger('sent_bytes').unsigned().notNullable()
        table.primary(['meter_id', 'at'])
        /** What has become old is found without looking at the rest. */
        table.index(['at'])
      })
    }

    this.schema.createTable('traffic_months', (table) => {
      table.increments('id')
      table
        .integer('instance_id')
        .unsigned()
        .notNullable()
        .references('instances.id')
        .onDelete('CASCADE')
      /** 2026-11, in the time zone of the cluster. */
      table.string('month', 7).notNullable()
      table.bigInteger('received_bytes').unsigned().notNullable().defaultTo(0)
      table.bigInteger('sent_bytes').unsigned().notNullable().defaultTo(0)
      /** What staff took off the count. */
      table.bigInteger('waived_bytes').unsigned().notNullable().defaultTo(0)
      /** When its people were told: near the end, and at it. */
      table.dateTime('warned_at').nullable()
      table.dateTime('exceeded_at').nullable()
      table.unique(['instance_id', 'month'])
    })
  }

  override async down() {
    for (const name of ['traffic_months', ...SAMPLES.toReversed(), 'meters', 'usage_rounds']) {
      this.schema.dropTable(name)
    }
  }
}
