import { BaseSchema } from '@adonisjs/lucid/schema'

/**
 * Where an instance stands as far as its own row knows; null once it is deleted. Computed by the database,
 * so that it can be indexed and never disagrees with the moments it is made of.
 */
const PHASE = `case
  when deleted_at is not null then null
  when failed_at is not null then 'failed'
  when provisioned_at is null then 'creating'
  when missing_since is not null then 'missing'
  else power_state end`

/** Instances, the addresses they hold, and the operations that change them. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('instances', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('RESTRICT')
      table.string('name', 63).notNullable()
      /** `name` while the instance lives, null afterwards: names are unique among the living. */
      table.string('live_name', 63).nullable()
      table.string('kind', 24).notNullable()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('RESTRICT')
      table.integer('node_id').unsigned().nullable().references('nodes.id').onDelete('SET NULL')
      /** Where it is being moved to: until then its room is counted on both. */
      table
        .integer('moving_to_id')
        .unsigned()
        .nullable()
        .references('nodes.id')
        .onDelete('SET NULL')
      table.integer('plan_id').unsigned().nullable().references('plans.id').onDelete('SET NULL')
      table.integer('image_id').unsigned().nullable().references('images.id').onDelete('SET NULL')
      /** The cluster's id for it, chosen by us before the first call. */
      table.string('ref', 120).notNullable()
      /** A second number it holds while it is built anew, where clusters number their instances. */
      table.string('spare_ref', 120).nullable()
      table.integer('cpus').unsigned().notNullable()
      table.integer('memory_mib').unsigned().notNullable()
      table.integer('disk_gib').unsigned().notNullable()
      table.integer('ingress_mbps').unsigned().nullable()
      table.integer('egress_mbps').unsigned().nullable()
      /** Per month, both ways; null: not limited. These limits are the plan's at the time of the order. */
      table.integer('traffic_gib').unsigned().nullable()
      table.string('traffic_action', 16).notNullable().defaultTo('none')
      table.integer('throttle_mbps').unsigned().notNullable().defaultTo(1)
      /** Bandwidth it was left with when its traffic was used up; null: it has what it was sold. */
      table.integer('throttled_mbps').unsigned().nullable()
      table.integer('snapshot_limit').unsigned().notNullable().defaultTo(0)
      table.integer('port_forward_limit').unsigned().notNullable().defaultTo(0)
      table.string('mac_address', 17).nullable()
      /** As last seen: running, stopped, frozen, unknown. */
      table.string('power_state', 16).notNullable().defaultTo('unknown')
      table.dateTime('observed_at').nullable()
      /** As our last deed left it; what it is now may be somebody else's doing. */
      table.string('wanted_power', 16).nullable()
      /** Set when a sync no longer found it in its cluster. */
      table.dateTime('missing_since').nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      /** What a billing system calls it, in lower case; it stays when the instance is renamed. */
      table.string('billing_reference', 63).nullable()
      /** Keyed digest of the billing system's order, so that a repetition is known as one. */
      table.string('billing_fingerprint', 64).nullable()
      /** Set when its create succeeded. */
      table.dateTime('provisioned_at').nullable()
      /** Set when its create was taken back. */
      table.dateTime('failed_at').nullable()
      table.dateTime('deleted_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.unique(['organization_id', 'live_name'])
      table.unique(['cluster_id', 'ref'])
      table.unique(['cluster_id', 'spare_ref'])
    })
    // Not in createTable: Knex would write "null" behind the expression, which MariaDB does not take.
    this.schema.raw(
      `alter table instances add column phase varchar(16) generated always as (${PHASE}) virtual`
    )
    // A billing system repeats what it got no answer to: among the living a reference stands once.
    this.schema.raw(
      `alter table instances add column live_billing_reference varchar(63) generated always as (
        case when deleted_at is null then billing_reference end) virtual`
    )
    this.schema.alterTable('instances', (table) => {
      table.unique(['organization_id', 'live_billing_reference'])
      /** A tenant's list: newest first, by state, of one cluster. By name it reads the unique key. */
      table.index(['organization_id', 'deleted_at', 'id'])
      table.index(['organization_id', 'phase', 'id'])
      table.index(['organization_id', 'cluster_id', 'deleted_at', 'id'])
      /** The same for staff, over all tenants. */
      table.index(['deleted_at', 'id'])
      table.index(['live_name', 'id'])
      table.index(['phase', 'id'])
      table.index(['cluster_id', 'deleted_at', 'id'])
      /** What is sold of a node, read from the index alone. */
      table.index(['node_id', 'phase', 'memory_mib', 'disk_gib'])
    })

    /** A row is an address that is not free. The unique key is what keeps it from being given twice. */
    this.schema.createTable('addresses', (table) => {
      table.increments('id')
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('RESTRICT')
      table
        .integer('address_pool_id')
        .unsigned()
        .notNullable()
        .references('address_pools.id')
        .onDelete('RESTRICT')
      table.integer('family').unsigned().notNullable()
      table.string('address', 45).notNullable()
      table.string('address_key', 32).notNullable()
      /** Set when the cluster runs with it; before, it is only reserved. */
      table.dateTime('assigned_at').nullable()
      table.dateTime('created_at').notNullable()
      /** Over the cluster, not the pool: pools may overlap, addresses may not. */
      table.unique(['cluster_id', 'address_key'])
      table.index(['address_pool_id', 'address_key'])
      /** Without it the release at the end of an operation would lock every row. */
      table.index(['instance_id'])
      table.index(['address'])
      table.index(['organization_id', 'instance_id'])
      table.index(['organization_id', 'address'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('RESTRICT')
    })

    this.schema.createTable('operations', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('organization_id')
        .unsigned()
        .notNullable()
        .references('organizations.id')
        .onDelete('RESTRICT')
      table.string('type', 40).notNullable()
      table
        .integer('cluster_id')
        .unsigned()
        .nullable()
        .references('clusters.id')
        .onDelete('RESTRICT')
      table.integer('instance_id').unsigned().nullable()
      /** In its place, where a licence is what is changed; licences come into being later. */
      table.integer('license_id').unsigned().nullable()
      /** No secret ever stands here: secrets are rows of their own and only their id is named. */
      table.json('input').notNullable()
      /** queued, running, compensating, succeeded, failed, cancelled, needs_attention */
      table.string('state', 20).notNullable()
      /** One entry a step that was begun: name, state, startedAt, endedAt, result. */
      table.json('steps').notNullable()
      table.json('remote_task').nullable()
      table.string('error_kind', 24).nullable()
      table.string('error', 500).nullable()
      /** Step that failed, or whose undo failed. */
      table.string('failed_step', 40).nullable()
      /** Counts takes; every save of a runner carries it, so that a stalled twin stops. */
      table.integer('attempt').unsigned().notNullable().defaultTo(0)
      /** Retryable failures in a row, for the back-off. */
      table.integer('failures').unsigned().notNullable().defaultTo(0)
      /** Milliseconds since 1970; null while nobody runs it. */
      table.bigInteger('heartbeat_at').unsigned().nullable()
      /** Not to be taken before, milliseconds since 1970. */
      table.bigInteger('not_before').unsigned().nullable()
      table.dateTime('cancel_requested_at').nullable()
      table
        .integer('cancel_requested_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table
        .integer('requested_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      /** Asked twice, done once. Unique in the tenant. */
      table.string('request_key', 100).nullable()
      /** `instance-7` while open, null when closed: one operation at a time. */
      table.string('open_on', 60).nullable().unique()
      /** The operation this one tries again. */
      table.integer('retry_of_id').unsigned().nullable()
      table.dateTime('started_at').nullable()
      table.dateTime('ended_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.unique(['organization_id', 'request_key'])
      table.index(['state', 'id'])
      table.index(['cluster_id', 'state', 'heartbeat_at'])
      table.index(['organization_id', 'state', 'id'])
      table.index(['organization_id', 'type', 'id'])
      table.index(['organization_id', 'open_on'])
      /** What ended since yesterday, and how: answered from the index alone. */
      table.index(['state', 'ended_at'])
      table.index(['instance_id', 'id'])
      table.index(['license_id', 'id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('RESTRICT')
    })

    /** Root passwords and keys on their way to a step, or to be shown to their owner once. */
    this.schema.createTable('one_time_secrets', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** root_password */
      table.string('purpose', 24).notNullable()
      table.text('value_encrypted').nullable()
      /** Its owner chose it: once it is set it is not kept. */
      table.boolean('is_own').notNullable().defaultTo(false)
      /** Set when the instance has it; before, it is still needed to set it. */
      table.dateTime('applied_at').nullable()
      table.dateTime('shown_at').nullable()
      table.dateTime('expires_at').notNullable()
      table.dateTime('created_at').notNullable()
      table.index(['instance_id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    for (const name of ['one_time_secrets', 'operations', 'addresses', 'instances']) {
      this.schema.dropTable(name)
    }
  }
}
