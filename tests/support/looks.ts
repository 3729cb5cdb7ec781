import type { Browser, Page, Response } from 'playwright'

export const WIDTHS = { wide: 1440, phone: 390 } as const
export const THEMES = ['light', 'dark'] as const
export const LANGUAGES = ['zh-CN', 'en'] as const

export type Look = {
  width: keyof typeof WIDTHS
  theme: (typeof THEMES)[number]
  language: (typeof LANGUAGES)[number]
}

/** A browser window as one person sees Portico: width, theme, language, by the cookies a person would have. */
export async function openWindow(browser: Browser, url: string, look: Look) {
  const context = await browser.newContext({
    viewport: { width: WIDTHS[look.width], height: look.width === 'wide' ? 900 : 844 },
    hasTouch: look.width === 'phone',
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
    locale: look.language,
    ignoreHTTPSErrors: true,
    // axe is put into the page by the test; Portico's own policy would refuse it.
    bypassCSP: true,
  })
  await context.addCookies([
    { name: 'portico_theme', value: look.theme, url },
    { name: 'portico_locale', value: look.language, url },
  ])
  return context
}

/** Every combination, or those of the named language only. */
export function looks(languages: readonly Look['language'][] = LANGUAGES): Look[] {
  return (Object.keys(WIDTHS) as Look['width'][]).flatMap((width) =>
    THEMES.flatMap((theme) => languages.map((language) => ({ width, theme, language })))
  )
}

/**
 * Opens an address and waits until everything has come. Chromium drops what is under way whenever an interface
 * appears on the machine, which a lab beside us does often; then it is asked again.
 */
export async function visit(
  page: Page,
  address: string,
  waitUntil: 'networkidle' | 'load' = 'networkidle'
): Promise<Response | null> {
  for (let attempt = 1; ; attempt += 1) {
    let isInterrupted = false
    const watch = (request: { failure(): { errorText: string } | null }) => {
      isInterrupted ||= request.failure()?.errorText === 'net::ERR_NETWORK_CHANGED'
    }
    page.on('requestfailed', watch)
    const answer = await page.goto(address, { waitUntil }).catch((error: Error) => error)
    page.off('requestfailed', watch)
    const failed = answer instanceof Error
    if (!failed && !isInterrupted) return answer
    if (attempt === 4) throw failed ? answer : new Error(`the network kept changing at ${address}`)
  }
}
