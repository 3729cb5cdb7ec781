import { readFileSync, readdirSync } from 'node:fs'
import { html } from './html.js'

type Html = ReturnType<typeof html.safe>

/**
 * Icons are inlined: no request, colour of the text. Only those in resources/icons exist; `node ace icons:sync`
 * copies what the views name from lucide-static, so that neither a build nor a running Portico needs the 67 MB package.
 */
export function iconsIn(folder: URL) {
  const drawings = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.svg'))
      .map((file) => [file.slice(0, -4), inner(readFileSync(new URL(file, folder), 'utf8'))])
  )
  const cache = new Map<string, Html>()

  return function icon(name: string, classes = 'size-4'): Html {
    const key = `${name} ${classes}`
    const cached = cache.get(key)
    if (cached) return cached
    const drawing = drawings.get(name)
    if (!drawing) throw new Error(`There is no icon "${name}". Run: node ace icons:sync`)
    const svg = html.safe(
      `<svg class="${html.escape(classes)} shrink-0" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${drawing}</svg>`
    )
    cache.set(key, svg)
    return svg
  }
}

/** What stands between <svg …> and </svg>, on one line. */
function inner(svg: string): string {
  return svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .replace(/\s*\n\s*/g, '')
}
