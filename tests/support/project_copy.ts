import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import app from '@adonisjs/core/services/app'

const run = promisify(execFile)

/** What `node ace`, the type checker and the tests need of the project. */
const PARTS = [
  ...['package.json', 'tsconfig.json', 'adonisrc.ts', 'ace.js', 'eslint.config.js', '.env.test'],
  ...['.adonisjs', 'bin', 'start', 'config', 'commands', 'app', 'database', 'jobs', 'tests'],
  ...['resources', 'vite.config.ts', 'docs', 'README.md'],
]

/** The project in a folder of its own, for commands that write into it. */
export class ProjectCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<ProjectCopy> {
    const folder = await mkdtemp(app.tmpPath('copy-'))
    for (const part of PARTS) {
      await cp(app.makePath(part), join(folder, part), { recursive: true })
    }
    await symlink(app.makePath('node_modules'), join(folder, 'node_modules'))
    return new ProjectCopy(folder)
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  /** With a database of its own. */
  ace(...words: string[]) {
    const env = { ...process.env, NODE_ENV: 'test', DB_CONNECTION: 'sqlite' }
    return run(process.execPath, ['ace.js', ...words], {
      cwd: this.folder,
      env: { ...env, DB_FILE: this.path('copy_test.sqlite3'), TEST_REPORT: '' },
    })
  }

  async lint(...files: string[]): Promise<void> {
    await run('node_modules/.bin/eslint', files, { cwd: this.folder })
  }

  /** What the type checker has to say about these files and all that they import; empty when all is well. */
  async typeErrors(...include: string[]): Promise<string> {
    await writeFile(
      this.path('tsconfig.part.json'),
      JSON.stringify({ extends: './tsconfig.json', include })
    )
    const words = ['--noEmit', '-p', 'tsconfig.part.json']
    const { stdout } = await run('node_modules/.bin/tsc', words, { cwd: this.folder }).catch(
      (error: { stdout: string }) => error
    )
    return stdout
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
