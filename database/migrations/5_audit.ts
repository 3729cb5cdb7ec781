import { BaseSchema } from '@adonisjs/lucid/schema'

/** Who did what. Rows are only ever added; each carries the hash of the one before it in its chain. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('audit_chains', (table) => {
      /** `platform`, or an organization's uid. */
      table.string('chain', 24).primary()
      table.integer('length').unsigned().notNullable().defaultTo(0)
      table.string('hash', 64).notNullable()
    })

    this.schema.createTable('audit_events', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.string('chain', 24).notNullable()
      table.integer('position').unsigned().notNullable()
      /**
       * No foreign key: checking it would lock the organization's row after the chain, and whoever changes
       * an organization and then records that locks them the other way round.
       */
      table.integer('organization_id').unsigned().nullable()
      /** user, system, anonymous, token */
      table.string('actor_kind', 16).notNullable()
      table.integer('actor_id').unsigned().nullable()
      /** The actor's e-mail at that time: people change. */
      table.string('actor_label', 254).notNullable()
      table.boolean('as_staff').notNullable().defaultTo(false)
      table.string('action', 60).notNullable()
      /** succeeded, refused, failed */
      table.string('outcome', 16).notNullable()
      table.string('subject_kind', 40).nullable()
      table.string('subject_uid', 40).nullable()
      table.string('subject_label', 120).nullable()
      table.string('ip_address', 45).nullable()
      table.string('user_agent', 400).nullable()
      table.string('request_id', 64).nullable()
      /** Text, not JSON: the hash is over these very bytes. */
      table.text('before').nullable()
      table.text('after').nullable()
      table.string('occurred_at', 30).notNullable()
      table.string('previous_hash', 64).notNullable()
      table.string('hash', 64).notNullable()
      table.unique(['chain', 'position'])
      table.index(['organization_id', 'id'])
      table.index(['action', 'id'])
      table.index(['actor_id', 'id'])
      table.index(['subject_uid', 'id'])
      table.index(['occurred_at'])
    })
  }

  override async down() {
    this.schema.dropTable('audit_events')
    this.schema.dropTable('audit_chains')
  }
}
