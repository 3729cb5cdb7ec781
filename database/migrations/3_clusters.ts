import { BaseSchema } from '@adonisjs/lucid/schema'

/** Clusters, what a sync found in them, what is offered from them, and their addresses. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('clusters', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.string('name', 60).notNullable()
      /** `name` until the cluster is removed, null afterwards: names are unique among those that are there. */
      table.string('live_name', 60).nullable().unique()
      table.string('driver', 16).notNullable()
      table.string('endpoint', 255).notNullable()
      table.string('tls_fingerprint', 64).nullable()
      /** `keyId.ciphertext`; see app/services/vault.ts */
      table.text('credentials_encrypted').nullable()
      /** Not secret: public certificate, storage pool, network, project, nameservers. */
      table.json('settings').notNullable()
      table.json('facts').nullable()
      /** unknown, online, offline */
      table.string('status', 16).notNullable().defaultTo('unknown')
      table.string('error_kind', 24).nullable()
      table.string('error', 500).nullable()
      /** Since when it does not answer. */
      table.dateTime('offline_since').nullable()
      table.dateTime('last_seen_at').nullable()
      table.dateTime('synced_at').nullable()
      /** Milliseconds since 1970, while a sync runs: until then no other one begins. */
      table.bigInteger('syncing_until').unsigned().nullable()
      table.integer('max_parallel_operations').unsigned().notNullable().defaultTo(8)
      /** Set while new instances are not accepted here. */
      table.dateTime('closed_at').nullable()
      /** Set when staff removed it: its credentials are gone, the row stays for what once lived there. */
      table.dateTime('removed_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    this.schema.createTable('nodes', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('ref', 120).notNullable()
      table.string('name', 120).notNullable()
      table.boolean('online').notNullable().defaultTo(true)
      table.integer('cpus').unsigned().notNullable()
      table.integer('memory_mib').unsigned().notNullable()
      table.integer('memory_used_mib').unsigned().notNullable()
      table.integer('disk_gib').unsigned().notNullable()
      table.integer('disk_used_gib').unsigned().notNullable()
      table.dateTime('closed_at').nullable()
      table.dateTime('synced_at').notNullable()
      /** Set when a sync no longer found it. */
      table.dateTime('missing_since').nullable()
      table.unique(['cluster_id', 'ref'])
    })

    this.schema.createTable('storage_pools', (table) => {
      table.increments('id')
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('name', 120).notNullable()
      table.string('type', 40).notNullable()
      table.integer('total_gib').unsigned().notNullable()
      table.integer('used_gib').unsigned().notNullable()
      table.dateTime('synced_at').notNullable()
      table.dateTime('missing_since').nullable()
      table.unique(['cluster_id', 'name'])
    })

    this.schema.createTable('networks', (table) => {
      table.increments('id')
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('name', 120).notNullable()
      table.string('type', 40).notNullable()
      table.boolean('managed').notNullable()
      table.string('ipv4', 60).nullable()
      table.string('ipv6', 60).nullable()
      table.string('purpose', 10).notNullable().defaultTo('first')
      table.dateTime('synced_at').notNullable()
      table.dateTime('missing_since').nullable()
      table.unique(['cluster_id', 'name'])
    })

    this.schema.createTable('images', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('ref', 160).notNullable()
      /** The cluster's own name. */
      table.string('name', 160).notNullable()
      /** What customers read; null: `name`. */
      table.string('title', 80).nullable()
      table.string('os', 40).nullable()
      table.string('release', 40).nullable()
      table.string('architecture', 24).nullable()
      table.string('kind', 24).notNullable()
      table.integer('size_mib').unsigned().notNullable()
      /** Set while customers may choose it. */
      table.dateTime('offered_at').nullable()
      table.dateTime('missing_since').nullable()
      table.dateTime('synced_at').notNullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['cluster_id', 'ref'])
    })

    this.schema.createTable('plans', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.string('name', 40).notNullable().unique()
      table.string('description', 200).nullable()
      table.string('kind', 24).notNullable()
      table.integer('cpus').unsigned().notNullable()
      table.integer('memory_mib').unsigned().notNullable()
      table.integer('disk_gib').unsigned().notNullable()
      /** null: not limited. */
      table.integer('ingress_mbps').unsigned().nullable()
      table.integer('egress_mbps').unsigned().nullable()
      table.integer('traffic_gib').unsigned().nullable()
      /** What happens when a month's traffic is used up: none, throttle, suspend. */
      table.string('traffic_action', 16).notNullable().defaultTo('none')
      /** What is left of the bandwidth then, each way. */
      table.integer('throttle_mbps').unsigned().notNullable().defaultTo(1)
      table.integer('snapshot_limit').unsigned().notNullable().defaultTo(0)
      table.integer('port_forward_limit').unsigned().notNullable().defaultTo(0)
      table.integer('position').unsigned().notNullable().defaultTo(0)
      /** Set when it is no longer offered; instances keep it. */
      table.dateTime('archived_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    this.schema.createTable('cluster_plans', (table) => {
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.integer('plan_id').unsigned().notNullable().references('plans.id').onDelete('CASCADE')
      table.primary(['cluster_id', 'plan_id'])
    })

    this.schema.createTable('address_pools', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('CASCADE')
      table.string('name', 60).notNullable()
      table.integer('family').unsigned().notNullable()
      table.string('cidr', 50).notNullable()
      table.string('gateway', 45).nullable()
      table.string('network', 120).notNullable()
      table.string('nameservers', 200).nullable()
      /** What a person left out, one range a line: no import brings it back. */
      table.text('exclusions', 'mediumtext').nullable()
      /** Set while nothing new is leased from it. */
      table.dateTime('closed_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['cluster_id', 'name'])
    })

    /** The parts of a pool that may be leased. Keys: 32 hex digits, so that text order is number order. */
    this.schema.createTable('address_ranges', (table) => {
      table.increments('id')
      table
        .integer('address_pool_id')
        .unsigned()
        .notNullable()
        .references('address_pools.id')
        .onDelete('CASCADE')
      table.string('first_key', 32).notNullable()
      table.string('last_key', 32).notNullable()
      table.unique(['address_pool_id', 'first_key'])
    })
  }

  override async down() {
    for (const name of [
      'address_ranges',
      'address_pools',
      'cluster_plans',
      'plans',
      'images',
      'networks',
      'storage_pools',
      'nodes',
      'clusters',
    ]) {
      this.schema.dropTable(name)
    }
  }
}
