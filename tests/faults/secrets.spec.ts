import { test } from '@japa/runner'
import { Redis } from 'ioredis'
import db from '@adonisjs/lucid/services/db'
import OneTimeSecret from '#models/one_time_secret'
import { FaultGround, missingForWebs } from '#tests/support/fault_ground'
import { everyKey, everyRow } from '#tests/support/everything'
import { sceneries } from '#tests/support/fault_scene'
import { startWorker } from '#tests/support/processes'
import { ended } from '#tests/support/steps'
import { Visitor } from '#tests/support/visitor'
import { PASSWORD } from '#tests/support/world'

const CHOSEN = 'canary-7f3a-the-bird-must-not-sing'
const missing = missingForWebs()

for (const { name, prepare, without } of sceneries) {
  test.group(`Secrets in web and worker at log level trace, on ${name}`, (group) => {
    const reason = missing ?? without
    if (reason) {
      test('are told nobody').skip(true, reason)
      return
    }

    let ground: FaultGround
    group.setup(async () => {
      ground = await FaultGround.shared()
    })

    test('stand in no log, statement, command, row or key in the clear', async ({
      assert,
      cleanup,
    }) => {
      const scene = await prepare()
      cleanup(() => scene.close())
      // An LXD has its own: the private key by which it knows us.
      const credentials = { privateKey: 'canary-key-of-a-cluster', ...scene.cluster.credentials() }
      scene.cluster.setCredentials(credentials)
      await scene.cluster.save()

      const statements = await hearStatements()
      const commands = await hearCommands(ground.variables.REDIS_URL)
      const web = await ground.web({ LOG_LEVEL: 'trace' })
      const worker = await startWorker({ ...ground.variables, LOG_LEVEL: 'trace' })
      cleanup(async () => {
        commands.stop()
        await statements.stop()
        await worker.die()
        await web.process.die()
      })

      const { acme } = scene
      const visitor = await Visitor.signIn(acme.owner.email, PASSWORD, web.url)
      const order = async (fields: Record<string, string>) => {
        await visitor.submit(web.url, `${acme.path}/instances`, {
          image: scene.image.uid,
          plan: scene.plan.uid,
          ...fields,
        })
        const instance = await acme.inside(() =>
          acme.organization.related('instances').query().where('name', fields.name).firstOrFail()
        )
        const [operation] = await acme.inside(() => instance.related('operations').query())
        await ended(operation)
        return { instance, operation }
      }
      const chosen = await order({ name: 'chosen', password_choice: 'own', password: CHOSEN })
      assert.equal(chosen.operation.state, 'succeeded', chosen.operation.error ?? '')
      assert.isTrue(await scene.isRootPassword(chosen.instance, CHOSEN))
      const made = await order({ name: 'made', password_choice: 'generated' })
      await visitor.read(web.url, `${acme.path}/operations/${made.operation.uid}`)
      const generated = await acme.inside(async () => {
        const secret = await OneTimeSecret.readableOf(made.instance)
        return secret!.value()
      })
      const shown = await visitor.submit(
        web.url,
        `${acme.path}/instances/${made.instance.uid}/root_password`,
        {}
      )
      assert.include(await shown.text(), generated)
      assert.isTrue(await scene.isRootPassword(made.instance, generated))

      // Each with a word that proves that we listened.
      const { uid } = made.operation
      const heard: Record<string, [text: string, proof: string]> = {
        'the log of the web process': [web.process.output, acme.organization.uid],
        'the log of the worker': [worker.output, uid],
        'the statements to MariaDB': [await statements.all(), uid],
        'the commands to Redis': [commands.all(), uid],
        'the rows': [await everyRow(), uid],
        'the keys of Redis': [await everyKey(), uid],
      }
      const secrets = {
        'the chosen root password': [CHOSEN],
        'the generated root password': [generated],
        'the password of the person': [PASSWORD],
        'the credentials of the cluster': Object.values(credentials).flatMap(pieces),
        'the keys of the installation': [
          ground.variables.APP_KEY,
          ground.variables.CREDENTIAL_KEYS.split(':')[1],
        ],
        'the session': [/portico_session=([^;]+)/.exec(visitor.cookies)![1]],
      }
      for (const [where, [text, proof]] of Object.entries(heard)) {
        assert.include(text, proof, where)
        for (const [what, words] of Object.entries(secrets)) {
          const found = words.filter((word) => text.includes(word))
          assert.isEmpty(found, `${what} in ${where}`)
        }
      }
    })
  })
}

/** A certificate is no secret; of a private key, every line is. */
function pieces(value: string): string[] {
  if (value.includes('CERTIFICATE')) return []
  return value.split('\n').filter((line) => line.length > 16 && !line.startsWith('-----'))
}

/** Every statement that MariaDB is given, with its values, by whatever process. */
async function hearStatements() {
  await db.rawQuery("SET GLOBAL log_output = 'TABLE'")
  await db.rawQuery('TRUNCATE TABLE mysql.general_log')
  await db.rawQuery('SET GLOBAL general_log = ON')
  return {
    async all(): Promise<string> {
      const rows = await db.from('mysql.general_log').select('argument')
      return rows.map(({ argument }) => String(argument)).join('\n')
    },
    stop: () => db.rawQuery('SET GLOBAL general_log = OFF'),
  }
}

/** Every command that Redis is given, by whatever process. */
async function hearCommands(url: string) {
  const heard: string[] = []
  const redis = new Redis(url)
  const monitor = await redis.monitor()
  monitor.on('monitor', (_time: string, command: string[]) => heard.push(command.join(' ')))
  return {
    all: () => heard.join('\n'),
    stop() {
      monitor.disconnect()
      redis.disconnect()
    },
  }
}
