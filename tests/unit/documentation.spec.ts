import { test } from '@japa/runner'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import app from '@adonisjs/core/services/app'

const root = app.makePath()
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root })

/** As the forge makes them of headings: lower case, punctuation away, a dash for each blank. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  )
}

test.group('Documentation', () => {
  test('every link to a file or a heading leads somewhere', ({ assert }) => {
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => {
          const [path, anchor] = target.split('#')
          const file = path === '' ? join(root, page) : join(root, dirname(page), path)
          if (!existsSync(file)) return true
          return anchor !== undefined && !anchors(readFileSync(file, 'utf8')).includes(anchor)
        })
        .map((target) => `${page} -> ${target}`)
    )
    assert.deepEqual(broken, [])
  })

  test('the index names every page', ({ assert }) => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8')
    const missing = pages
      .filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
      .filter((page) => !index.includes(`](${page.replace('docs/', '')})`))
    assert.deepEqual(missing, [])
  })

  test('the README fits on a screen and begins with the two commands', ({ assert }) => {
    const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n')
    assert.isAtMost(lines.length, 60)
    assert.isBelow(
      lines.findIndex((line) => line.startsWith('bin/demo')),
      lines.findIndex((line) => line.startsWith('## '))
    )
  })
})
