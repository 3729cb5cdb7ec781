import { test } from '@japa/runner'
import { Edge } from 'edge.js'
import { rememberTemplates } from '#start/view/remember_templates'

/** The same small house twice: one remembers. */
function house(): Edge {
  const edge = Edge.create({ cache: true })
  const templates = {
    'partials/row': '{{ row.name }}:{{ shade }};',
    'partials/total': '{{ rows.length }} rows',
    'components/card': '<b>{{ title }}</b>{{{ await $slots.main() }}}',
    'page':
      "@each(row in rows)\n@let(shade = 'dark')\n@include('partials/row')\n@end\n@include('partials/total')",
    'other': "@include('partials/row')",
    'framed': "@component('components/card', { title })\n@include('partials/total')\n@end",
  }
  for (const [name, template] of Object.entries(templates))
    edge.registerTemplate(name, { template })
  return edge
}

const ROWS = { rows: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }

test.group('Remembered templates', () => {
  test('a page says the same as without, each time it is made', async ({ assert }) => {
    const plain = house()
    const remembering = house()
    rememberTemplates(remembering)
    const pages: [string, object][] = [
      ['page', ROWS],
      ['page', { rows: [] }],
      ['other', { row: { name: 'z' }, shade: 'bright' }],
      ['framed', { ...ROWS, title: 'Three' }],
      ['page', { rows: [{ name: 'd' }] }],
    ]
    for (const [name, state] of [...pages, ...pages]) {
      assert.equal(await remembering.render(name, state), await plain.render(name, state), name)
    }
    assert.include(await remembering.render('page', ROWS), 'a:dark;')
  })

  test('a partial is compiled once for the variables around it, however often it is included', async ({
    assert,
  }) => {
    const edge = house()
    const compiled: string[] = []
    const compiler = edge.asyncCompiler
    const compile = compiler.compile.bind(compiler)
    compiler.compile = (path, variables) => {
      if (variables) compiled.push(path)
      return compile(path, variables)
    }
    rememberTemplates(edge)
    for (let time = 0; time < 3; time++) await edge.render('page', ROWS)
    assert.deepEqual(compiled, ['partials/row', 'partials/total'])
    await edge.render('other', { row: { name: 'z' }, shade: 'bright' })
    assert.deepEqual(compiled, ['partials/row', 'partials/total', 'partials/row'])
  })

  test('the folder of components is read once', async ({ assert }) => {
    const edge = house()
    let readings = 0
    const read = edge.loader.listComponents.bind(edge.loader)
    edge.loader.listComponents = () => {
      readings += 1
      return read()
    }
    rememberTemplates(edge)
    for (let time = 0; time < 3; time++) edge.loader.listComponents()
    assert.equal(readings, 1)
  })
})
