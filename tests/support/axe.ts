import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'

type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe-core finds wrong on the page as it stands, one line a place; empty when nothing is.
 * Open menus and dialogs first: what is hidden is not looked at.
 */
export async function axeViolations(page: Page, onlyRules?: string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(await source)
  const options = onlyRules ? { runOnly: onlyRules } : {}
  const result = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, ${JSON.stringify(options)})`
  )
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} (${help}) at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`
    )
  )
}

/** Buttons and links a finger would miss: lower than 40 px, or narrower where there is no word on them. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('button, a.btn, a.nav-item, a.tab-link, a.menu-item, summary, select, label.choice, label.pick-target')]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) =>
        box.width > 0 && (box.height < 39.5 || (box.width < 39.5 && !element.matches('.tab-link'))))
      .map(({ element, box }) =>
        'target of ' + Math.round(box.width) + '×' + Math.round(box.height) + ' px: ' + element.outerHTML.slice(0, 160))
  `)
}

/** By how much the page scrolls sideways; it must not. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  )
}
