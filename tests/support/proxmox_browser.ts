import { randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright'
import { appUrl } from '#config/app'
import { credentialKeyRing } from '#config/encryption'
import { PRODUCTION_BUILD, startProductionWeb, startWorker } from '#tests/support/processes'
import { PASSWORD } from '#tests/support/world'

const LONGEST_MS = 60_000

export type Portal = { url: string; close(): Promise<void> }

/**
 * The portal, with its worker where one is wanted. Where there is a production build it is asked: with its policy, and
 * in a fifth of the time. All of them and the tests seal and open with one key; that of the tests is refused in
 * production.
 */
export async function startPortal({ withWorker = false } = {}): Promise<Portal> {
  const key = randomBytes(32)
  credentialKeyRing.unshift({ id: 'p1', key })
  const keys = { CREDENTIAL_KEYS: `p1:${key.toString('base64')}` }
  const web = PRODUCTION_BUILD ? await startProductionWeb(PRODUCTION_BUILD, keys) : null
  const worker = withWorker ? await startWorker(keys) : null
  return {
    url: web?.url ?? appUrl,
    async close() {
      credentialKeyRing.shift()
      await worker?.stop()
      await web?.process.stop()
    },
  }
}

export async function signIn(context: BrowserContext, email: string, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('form[action="/sign-in"] button[type=submit]').click()
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'), {
    waitUntil: 'commit',
  })
  return page
}

export const press = (page: Page, name: string) =>
  page.locator('main').getByRole('button', { name, exact: true }).click()

export const says = (page: Page, text: string) =>
  page.locator('main [role=status]').getByText(text).waitFor({ timeout: LONGEST_MS })

/** The colours of a row across the middle of what is drawn, in the order in which they come. */
export async function coloursOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const canvas = document.querySelector('.console-picture canvas')
    if (!canvas?.width) return []
    const { data } = canvas.getContext('2d').getImageData(0, canvas.height >> 1, canvas.width, 1)
    const found = []
    for (let at = 0; at < data.length; at += 4) {
      const colour = [...data.slice(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')
      if (found.at(-1) !== colour) found.push(colour)
    }
    return found
  })()`)
}

/** Asks until it is so, or for too long: then what it is. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean
): Promise<Value> {
  for (const deadline = Date.now() + LONGEST_MS; ;) {
    const value = await ask()
    if (isWanted(value) || Date.now() > deadline) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
