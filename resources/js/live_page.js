// Takes fresh parts of the page one is on: fetches this same address and replaces elements by id.

/** An answer that hangs would keep every later one waiting. */
const PATIENCE_MS = 10_000

let running = null
let again = false
/** What was taken over last; scripts change the elements afterwards. */
const seen = new WeakMap()

/**
 * Replaces what differs of `[data-live]` within `root` (or `root` itself). One fetch at a time; what is asked for
 * meanwhile is one more fetch after it. @returns whether the page is fresh now
 */
export function refresh(root, { isBusy = () => false } = {}) {
  again = true
  running ??= takeWhileAsked(root, isBusy).finally(() => (running = null))
  return running
}

async function takeWhileAsked(root, isBusy) {
  let isFresh = false
  while (again) {
    again = false
    isFresh = await take(root, isBusy)
  }
  return isFresh
}

async function take(root, isBusy) {
  let page
  try {
    const response = await fetch(location.href, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (response.redirected || response.status === 404) {
      location.assign(parentPath())
      return true
    }
    if (!response.ok) return false
    page = new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    // Offline, or the server restarts: the next event or tick tries again.
    return false
  }
  if (isBusy()) return false
  const parts = root.querySelectorAll('[data-live]')
  for (const part of parts.length > 0 ? parts : [root]) {
    const fresh = page.getElementById(part.id)
    if (fresh && plain(fresh) !== plain(part)) replace(part, fresh)
  }
  return true
}

/** What has gone (deleted, or we were signed out) leads to the list above it. */
function parentPath() {
  return location.pathname.replace(/\/[^/]+$/, '') || '/'
}

/** Tokens differ in every answer and say nothing. */
function plain(element) {
  const html = seen.get(element) ?? element.innerHTML
  return html.replaceAll(/name=['"](_csrf|request_key)['"] value=['"][^'"]*/g, '')
}

function replace(part, fresh) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null
  seen.set(part, fresh.innerHTML)
  part.replaceChildren(...fresh.childNodes)
  if (!focused) return
  const same = focused.id
    ? part.querySelector(`#${CSS.escape(focused.id)}`)
    : part.querySelector(`a[href="${CSS.escape(focused.getAttribute('href') ?? '')}"]`)
  same?.focus()
}
