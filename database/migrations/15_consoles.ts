import { BaseSchema } from '@adonisjs/lucid/schema'

/** Consoles that somebody may open, has open, or had. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('console_sessions', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('organization_id').unsigned().notNullable()
      table.integer('instance_id').unsigned().notNullable()
      /** Whose it is: a person's, with where they are signed in or by which token, or a visitor's. The console ends with that. */
      table.integer('user_id').unsigned().nullable().references('users.id').onDelete('CASCADE')
      table
        .integer('user_session_id')
        .unsigned()
        .nullable()
        .references('user_sessions.id')
        .onDelete('CASCADE')
      table.integer('visit_id').unsigned().nullable().references('visits.id').onDelete('CASCADE')
      /** Or of the program that asked for it. No reference: a console outlives its token until it was told. */
      table.integer('api_token_id').unsigned().nullable()
      /** Opened from the pages of the staff, by right of a staff role. */
      table.boolean('as_staff').notNullable()
      /** shell, serial */
      table.string('kind', 16).notNullable()
      /** SHA-256 of the ticket; null once it was shown, whoever showed it. */
      table.string('ticket_hash', 64).nullable().unique()
      table.dateTime('ticket_expires_at').notNullable()
      table.dateTime('opened_at').nullable()
      /** Written anew while its web process lives. */
      table.dateTime('seen_at').nullable()
      table.dateTime('closed_at').nullable()
      /** Why it was closed. */
      table.string('ending', 16).nullable()
      table.dateTime('created_at').notNullable()
      table.index(['user_id', 'closed_at'])
      table.index(['visit_id', 'closed_at'])
      table.index(['organization_id', 'instance_id'])
      table.index(['instance_id', 'closed_at'])
      table.index(['closed_at', 'seen_at'])
      table
        .foreign(['organization_id', 'instance_id'])
        .references(['organization_id', 'id'])
        .inTable('instances')
        .onUpdate('CASCADE')
        .onDelete('CASCADE')
    })
  }

  override async down() {
    this.schema.dropTable('console_sessions')
  }
}
