import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { axeViolations, sidewaysOverflow, smallTargets } from './axe.js'
import { launchChromium } from './chromium.js'
import { looks, openWindow, visit, type Look } from './looks.js'

export type ScreenshotOrder = {
  url: string
  paths: string[]
  folder: string
  /** Signs in before the first picture; without it pages are shot as a stranger sees them. */
  account?: { email: string; password: string }
  only?: Partial<Look>
  /** Also looks for what axe, touch and narrow screens would complain about. */
  check?: boolean
  /** CSS selector that is clicked before the picture. */
  click?: string
}

/** Shoots each path at both widths, in both themes and both languages. Returns what `check` found. */
export async function takeScreenshots(order: ScreenshotOrder): Promise<string[]> {
  const { url, paths, folder, account, only = {}, check, click } = order
  const browser = await launchChromium()
  const complaints: string[] = []
  await mkdir(folder, { recursive: true })
  const wanted = looks().filter((look) =>
    Object.entries(only).every(([key, value]) => look[key as keyof Look] === value)
  )
  try {
    for (const look of wanted) {
      const context = await openWindow(browser, url, look)
      const page = await context.newPage()
      const name = `${look.width}-${look.theme}-${look.language}`
      page.on('console', (message) => {
        if (message.type() !== 'error' || message.text().includes('ERR_NETWORK_CHANGED')) return
        complaints.push(`${name} ${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => complaints.push(`${name} ${page.url()}: ${error.message}`))
      if (account) await signIn(page, url, account, look.language)
      for (const path of paths) {
        await visit(page, url + path)
        if (click) await page.locator(click).first().click()
        const file = `${path.replace(/^\/|[?#].*$/g, '').replaceAll('/', '-') || 'home'}-${name}.png`
        await page.screenshot({ path: join(folder, file), fullPage: !click })
        if (check) {
          const found = await axeViolations(page)
          if (look.width === 'phone') found.push(...(await smallTargets(page)))
          const sideways = await sidewaysOverflow(page)
          if (sideways > 0) found.push(`scrolls sideways by ${sideways} px`)
          complaints.push(...found.map((complaint) => `${name} ${path}: ${complaint}`))
        }
      }
      await context.close()
    }
  } finally {
    await browser.close()
  }
  return complaints
}

async function signIn(
  page: Page,
  url: string,
  account: { email: string; password: string },
  language: Look['language']
) {
  await visit(page, `${url}/sign-in`)
  await page.fill('[name="email"]', account.email)
  await page.fill('[name="password"]', account.password)
  await page.click('main [type="submit"]')
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
  // Who is signed in reads their own language, whatever the cookie says.
  await visit(page, `${url}/account/profile`)
  await page.evaluate(`fetch('/preferences', {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      locale: ${JSON.stringify(language)},
      _csrf: document.querySelector('meta[name=csrf-token]').content,
    }),
  })`)
}
