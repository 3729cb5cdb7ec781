import { BaseSchema } from '@adonisjs/lucid/schema'

type Table = Parameters<Parameters<BaseSchema['schema']['createTable']>[1]>[0]

/** Licensed products, licences, what is bound to them and what was signed for them. */
export default class extends BaseSchema {
  override async up() {
    this.schema.createTable('licensed_products', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      /** As products know themselves; stands in every document. */
      table.string('code', 40).notNullable().unique()
      table.string('name', 80).notNullable()
      table.string('algorithm', 20).notNullable()
      /** The unsigned file of old programs, beside the document. */
      table.boolean('classic_enabled').notNullable().defaultTo(false)
      table.string('classic_order', 16).notNullable()
      /** Documents are encrypted for their host as well. */
      table.boolean('encrypted').notNullable().defaultTo(false)
      /** How many other hosts within a year before staff are asked. */
      table.integer('rebind_limit').unsigned().notNullable().defaultTo(3)
      table.integer('grace_days').unsigned().notNullable().defaultTo(0)
      table.dateTime('archived_at').nullable()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    this.schema.createTable('signing_keys', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      /** What documents name it by: made of the key itself. */
      table.string('key_id', 20).notNullable().unique()
      /** documents, check_codes */
      table.string('purpose', 16).notNullable()
      table.string('algorithm', 20).notNullable()
      table.integer('bits').unsigned().notNullable()
      table.text('public_key').notNullable()
      /** Null where somebody else holds it and signs for us. */
      table.text('private_key_encrypted').nullable()
      /** generated, imported, external */
      table.string('origin', 16).notNullable()
      table.string('signer_url', 255).nullable()
      table.dateTime('activated_at').nullable()
      table.dateTime('retired_at').nullable()
      table.dateTime('revoked_at').nullable()
      /** `documents:Ed25519` while it is the active one of its ring. */
      table.string('active_on', 40).nullable().unique()
      references(table, 'created_by_id', 'users')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
    })

    /** What one administrator asks for and another has to allow. */
    this.schema.createTable('key_approvals', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      table.integer('signing_key_id').unsigned().notNullable().references('signing_keys.id')
      /** activate, export, revoke */
      table.string('deed', 16).notNullable()
      table.string('reason', 200).notNullable()
      references(table, 'requested_by_id', 'users')
      references(table, 'approved_by_id', 'users')
      table.dateTime('approved_at').nullable()
      table.dateTime('declined_at').nullable()
      table.dateTime('used_at').nullable()
      table.dateTime('expires_at').notNullable()
      /** `activate-3` while it waits. */
      table.string('open_on', 40).nullable().unique()
      table.dateTime('created_at').notNullable()
    })

    this.schema.createTable('licenses', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      holder(table)
      table
        .integer('licensed_product_id')
        .unsigned()
        .notNullable()
        .references('licensed_products.id')
        .onDelete('RESTRICT')
      table.string('name', 64).notNullable().unique()
      for (const item of ['vm', 'image', 'user', 'vcpu', 'vmem', 'vdisk']) {
        table.integer(`max_${item}`).unsigned().notNullable().defaultTo(0)
      }
      table.integer('max_activations').unsigned().notNullable().defaultTo(1)
      table.dateTime('starts_at').notNullable()
      table.dateTime('expires_at').notNullable()
      /** Null: as the product has it. */
      table.integer('grace_days').unsigned().nullable()
      /** Limits may be changed although a host is bound, until the next document. */
      table.dateTime('reopened_at').nullable()
      /** For the installation itself; only its hash is kept. */
      table.string('token_hash', 64).nullable().unique()
      table.string('token_hint', 8).nullable()
      /** The row's id in the system it came from. */
      table.string('external_reference', 64).nullable().unique()
      references(table, 'created_by_id', 'users')
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.index(['licensed_product_id', 'id'])
      table.index(['expires_at', 'id'])
    })

    this.schema.createTable('entitlements', (table) => {
      table.increments('id')
      ofLicense(table)
      table.string('name', 40).notNullable()
      table.integer('maximum').unsigned().nullable()
      table.unique(['license_id', 'name'])
    })

    this.schema.createTable('license_suspensions', (table) => {
      table.increments('id')
      ofLicense(table)
      table.string('reason', 200).notNullable()
      references(table, 'suspended_by_id', 'users')
      references(table, 'lifted_by_id', 'users')
      table.dateTime('lifted_at').nullable()
      /** The licence's id until it is lifted. */
      table.integer('open_on').unsigned().nullable().unique()
      table.dateTime('created_at').notNullable()
    })

    this.schema.createTable('license_revocations', (table) => {
      table.increments('id')
      ofLicense(table)
      table.string('reason', 200).notNullable()
      references(table, 'revoked_by_id', 'users')
      table.dateTime('created_at').notNullable()
      table.unique(['license_id'])
    })

    this.schema.createTable('license_renewals', (table) => {
      table.increments('id')
      ofLicense(table)
      table.dateTime('expired_at').notNullable()
      table.dateTime('expires_at').notNullable()
      references(table, 'renewed_by_id', 'users')
      table.dateTime('created_at').notNullable()
    })

    /** Every file that was sent, the refused ones too. */
    this.schema.createTable('host_info_uploads', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      ofLicense(table)
      /** form, paste, api */
      table.string('via', 8).notNullable()
      table.integer('bytes').unsigned().notNullable()
      table.string('digest', 64).notNullable()
      table.string('refusal', 24).nullable()
      table.string('mac', 256).nullable()
      table.string('serial_number', 256).nullable()
      table.text('check_code').nullable()
      table.text('public_key').nullable()
      table.string('fingerprint', 64).nullable()
      table.boolean('is_signed').notNullable().defaultTo(false)
      references(table, 'uploaded_by_id', 'users')
      /** It names another host and more were named than are free. */
      table.dateTime('awaits_approval_at').nullable()
      references(table, 'decided_by_id', 'users')
      table.dateTime('approved_at').nullable()
      table.dateTime('declined_at').nullable()
      table.dateTime('created_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.index(['license_id', 'id'])
      table.index(['awaits_approval_at'])
    })

    this.schema.createTable('activations', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      ofLicense(table)
      table.integer('host_info_upload_id').unsigned().nullable()
      table.string('name', 80).nullable()
      table.string('fingerprint', 64).notNullable()
      table.string('mac', 256).nullable()
      table.string('serial_number', 256).nullable()
      table.text('public_key').nullable()
      table.dateTime('last_seen_at').nullable()
      table.dateTime('deactivated_at').nullable()
      /** `7:<fingerprint>` until it is deactivated. */
      table.string('open_on', 90).nullable().unique()
      table.dateTime('created_at').notNullable()
      table.dateTime('updated_at').notNullable()
      table.unique(['organization_id', 'id'])
      table.index(['license_id', 'deactivated_at', 'id'])
      table.index(['organization_id', 'host_info_upload_id'])
      table
        .foreign(['organization_id', 'host_info_upload_id'])
        .references(['organization_id', 'id'])
        .inTable('host_info_uploads')
        .onDelete('RESTRICT')
    })

    /** Append-only; each row carries the hash of the one before it. The position is the document's serial. */
    this.schema.createTable('license_ledger', (table) => {
      table.integer('position').unsigned().notNullable().primary()
      table.string('license_uid', 24).notNullable()
      table.string('license_name', 64).notNullable()
      table.string('key_id', 20).notNullable()
      table.string('document_digest', 64).notNullable()
      /** What was signed, and the signature: the document is made of these again, byte for byte. */
      table.text('signed_text').notNullable()
      table.text('signature').notNullable()
      table.string('issued_by', 254).notNullable()
      table.string('issued_at', 30).notNullable()
      table.string('previous_hash', 64).notNullable()
      table.string('hash', 64).notNullable()
      table.index(['license_uid', 'position'])
    })

    this.schema.createTable('license_ledger_heads', (table) => {
      table.string('ledger', 16).primary()
      table.integer('length').unsigned().notNullable().defaultTo(0)
      table.string('hash', 64).notNullable()
    })

    this.schema.createTable('license_documents', (table) => {
      table.increments('id')
      table.string('uid', 24).notNullable().unique()
      ofLicense(table)
      table.integer('activation_id').unsigned().notNullable()
      table.integer('signing_key_id').unsigned().notNullable().references('signing_keys.id')
      /** An operation makes one. */
      table.integer('operation_id').unsigned().nullable().unique()
      table.integer('serial').unsigned().notNullable().unique()
      /** Of all it says but serial, key and moment: the same again needs no new one. */
      table.string('content_digest', 64).notNullable()
      table.string('digest', 64).notNullable()
      table.text('document').notNullable()
      table.text('encrypted').nullable()
      table.text('classic').nullable()
      table.integer('downloads').unsigned().notNullable().defaultTo(0)
      table.dateTime('expires_at').notNullable()
      table.dateTime('published_at').nullable()
      /** Found to be other bytes than were signed; not handed out, healed by a new issue. */
      table.dateTime('broken_at').nullable()
      table.dateTime('superseded_at').nullable()
      /** The activation's id while this is its document. */
      table.integer('current_on').unsigned().nullable().unique()
      table.dateTime('created_at').notNullable()
      table.index(['license_id', 'id'])
      table.index(['organization_id', 'activation_id'])
      table
        .foreign(['organization_id', 'activation_id'])
        .references(['organization_id', 'id'])
        .inTable('activations')
        .onDelete('RESTRICT')
      table.index(['signing_key_id'])
    })

    this.schema.createTable('license_downloads', (table) => {
      table.increments('id')
      ofLicense(table)
      table.integer('license_document_id').unsigned().notNullable()
      /** document, encrypted, classic */
      table.string('form', 12).notNullable()
      references(table, 'downloaded_by_id', 'users')
      table.string('ip_address', 45).nullable()
      /** Milliseconds since 1970: the pace of downloads is judged by it. */
      table.bigInteger('downloaded_at').unsigned().notNullable()
      table.index(['license_id', 'downloaded_at'])
    })

    this.schema.createTable('revocation_lists', (table) => {
      table.integer('number').unsigned().notNullable().primary()
      table.string('key_id', 20).notNullable()
      table.text('document').notNullable()
      table.string('digest', 64).notNullable()
      table.dateTime('this_update').notNullable()
      table.dateTime('next_update').notNullable()
      table.dateTime('created_at').notNullable()
    })

    /** Warnings that were sent, each once. */
    this.schema.createTable('license_notices', (table) => {
      table.increments('id')
      ofLicense(table)
      table.integer('days').unsigned().notNullable()
      table.dateTime('expires_at').notNullable()
      table.dateTime('created_at').notNullable()
      table.unique(['license_id', 'days', 'expires_at'])
    })
  }

  override async down() {
    for (const name of [
      'license_notices',
      'revocation_lists',
      'license_downloads',
      'license_documents',
      'license_ledger_heads',
      'license_ledger',
      'activations',
      'host_info_uploads',
      'license_renewals',
      'license_revocations',
      'license_suspensions',
      'entitlements',
      'licenses',
      'key_approvals',
      'signing_keys',
      'licensed_products',
    ]) {
      this.schema.dropTable(name)
    }
  }
}

function references(table: Table, column: string, target: string) {
  table.integer(column).unsigned().nullable().references(`${target}.id`).onDelete('SET NULL')
}

function holder(table: Table) {
  table
    .integer('organization_id')
    .unsigned()
    .notNullable()
    .references('organizations.id')
    .onDelete('RESTRICT')
}

/** A licence's own row: it goes with the licence, and belongs to whom the licence does. */
function ofLicense(table: Table) {
  table.integer('organization_id').unsigned().notNullable()
  table.integer('license_id').unsigned().notNullable()
  table.index(['organization_id', 'license_id'])
  table
    .foreign(['organization_id', 'license_id'])
    .references(['organization_id', 'id'])
    .inTable('licenses')
    .onDelete('RESTRICT')
}
