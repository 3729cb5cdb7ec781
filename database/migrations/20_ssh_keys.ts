import { BaseSchema } from '@adonisjs/lucid/schema'

/** Public keys that people keep with their account, to choose among them when they make an instance. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('ssh_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('user_id').unsigned().notNullable().references('users.id').onDelete('CASCADE')
      /** SHA256:…, as ssh-keygen -l tells it. */
      table.string('fingerprint', 50).notNullable()
      /** A line fit for authorized_keys. */
      table.text('public_key').notNullable()
      table.dateTime('created_at').notNullable()
      table.unique(['user_id', 'fingerprint'])
    })
  }

  override async down() {
    this.schema.dropTable('ssh_keys')
  }
}
