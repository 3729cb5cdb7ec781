import { glob, readFile } from 'node:fs/promises'

/** `icon('plus')`, `glyph: 'plus'`, `icon: 'plus'`, `glyphs = { … }`. Both branches of a condition count. */
const CALLS = [
  /\bicon\(([^)]*)\)/g,
  /\b(?:icon|glyph|glyphAfter):\s*([^,}\n]+)/g,
  /\bglyphs\s*=\s*\{([^}]*)\}/g,
]
const NAMES = /'([a-z][a-z0-9-]*)'/g

/** Every icon that views, navigation and controllers name. */
export async function namedIcons(root: URL): Promise<Set<string>> {
  const names = new Set<string>()
  const files = glob(
    ['resources/views/**/*.edge', 'app/transformers/**/*.ts', 'app/controllers/**/*.ts'],
    {
      cwd: root,
    }
  )
  for await (const file of files) {
    const text = await readFile(new URL(file, root), 'utf8')
    for (const call of CALLS) {
      for (const [, argument] of text.matchAll(call)) {
        // icon(name, 'size-5'): the second argument names classes.
        const named = text.includes(`glyphs = {${argument}}`)
          ? argument
          : argument.split(/,\s*'/)[0]
        for (const [, name] of named.matchAll(NAMES)) names.add(name)
      }
    }
  }
  return names
}
