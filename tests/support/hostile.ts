import db from '@adonisjs/lucid/services/db'

/** What a stranger might type into any field that takes a name; every page must show it as it stands. */
export const HOSTILE_NAME = `<script>alert("1")</script> & 'Söhne' \u202e"`

/** Gives an organization of the demo world and one of its people such a name. */
export async function nameWithHostility(): Promise<void> {
  await db
    .from('organizations')
    .where('name', 'Globex')
    .update({ name: `Globex ${HOSTILE_NAME}`.slice(0, 80) })
  await db.from('users').where('email', 'viewer@globex.example').update({ full_name: HOSTILE_NAME })
}
