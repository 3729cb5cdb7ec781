import { BaseSchema } from '@adonisjs/lucid/schema'

/** Who carries port forwards, from which ports they are given, and which there are. */
export default class extends BaseSchema {
  override async up() {
    /** How a cluster carries forwards; without a row in the way of its own driver. */
    this.schema.createTable('cluster_forwarders', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .unique()
        .references('clusters.id')
        .onDelete('CASCADE')
      /** fake, lxd, iptables, ikuai */
      table.string('kind', 16).notNullable()
      /** What customers are told where a pool has no address of its own. */
      table.string('public_address', 45).nullable()
      table.string('listen_interface', 15).nullable()
      table.boolean('masquerade').notNullable().defaultTo(false)
      table.string('ssh_host', 255).nullable()
      table.integer('ssh_port').unsigned().nullable()
      table.string('ssh_user', 32).nullable()
      /** `SHA256:…` of the host's key. */
      table.string('ssh_host_key', 60).nullable()
      table.string('ssh_public_key', 200).nullable()
      /** Of a router: where it answers, as whom we come (none with a token), and what it must show. */
      table.string('router_endpoint', 255).nullable()
      table.string('router_user', 64).nullable()
      table.string('router_fingerprint', 64).nullable()
      /** The private key, the router's password or its API token, sealed. */
      table.text('credentials_encrypted').nullable()
      /** What keeps forwards from working, and what went wrong, when it was last looked at. */
      table.json('problems').notNullable()
      table.string('error_kind', 24).nullable()
      table.string('error', 500).nullable()
      table.dateTime('reconciled_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    this.schema.createTable('port_pools', (table) => {
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
      /** What customers connect to. */
      table.string('address', 45).notNullable()
      /** Where that arrives at the node, when it is another address; null: the same. */
      table.string('listen_address', 45).nullable()
      /** `20000-29999, 31000`: at most 65535 ports, so they need no rows of their own. */
      table.text('ports').notNullable()
      table.text('reserved').notNullable()
      /** Set while nothing new is leased from it. */
      table.dateTime('closed_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['cluster_id', 'name'])
    })

    this.schema.createTable('port_forwards', (table) => {
      table.increments('id')
      /** Also its name in whatever carries it. */
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      table
        .integer('cluster_id')
        .unsigned()
        .notNullable()
        .references('clusters.id')
        .onDelete('RESTRICT')
      table
        .integer('port_pool_id')
        .unsigned()
        .notNullable()
        .references('port_pools.id')
        .onDelete('RESTRICT')
      /** tcp, udp */
      table.string('protocol', 3).notNullable()
      table.string('address', 45).notNullable()
      table.string('listen_address', 45).notNullable()
      table.integer('first_port').unsigned().notNullable()
      table.integer('last_port').unsigned().notNullable()
      /** Where the first port leads; the others follow one by one. */
      table.integer('target_port').unsigned().notNullable()
      table.string('note', 60).nullable()
      /** The instance, when it came with it and leads to its SSH; one for each. */
      table.integer('ssh_of_id').unsigned().nullable().unique()
      /** Set when it is carried; before, its ports are only reserved. */
      table.dateTime('applied_at').nullable()
      /** Set while it should be carried and is not. */
      table.dateTime('missing_since').nullable()
      table
        .integer('created_by_id')
        .unsigned()
        .nullable()
        .references('users.id')
        .onDelete('SET NULL')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.index(['organization_id', 'instance_id'])
      table.index(['instance_id', 'id'])
      table.index(['cluster_id', 'id'])
      table.index(['port_pool_id', 'first_port', 'id'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onDelete('RESTRICT')
        .onUpdate('CASCADE')
    })

    /** A row is a port that is not free. The unique key is what keeps it from being given twice. */
    this.schema.createTable('port_leases', (table) => {
      table.increments('id')
      table
        .integer('port_forward_id')
        .unsigned()
        .notNullable()
        .references('port_forwards.id')
        .onDelete('CASCADE')
      table.string('address', 45).notNullable()
      table.string('protocol', 3).notNullable()
      table.integer('port').unsigned().notNullable()
      table.unique(['address', 'protocol', 'port'])
      table.index(['port_forward_id'])
    })
  }

  override async down() {
    for (const name of ['port_leases', 'port_forwards', 'port_pools', 'cluster_forwarders']) {
      this.schema.dropTable(name)
    }
  }
}
