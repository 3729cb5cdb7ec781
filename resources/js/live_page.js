// Takes fresh parts of the page one is on: fetches this same address and replaces elements by id.

let running = null
let again = false
/** What was taken over last; scripts change the elements afterwards. */
const seen = new WeakMap()

/** Replaces what differs of `[data-live]` within `root` (or `root` itself). One fetch at a time. */
export async function refresh(root, { isBusy = () => false } = {}) {
  if (running) {
    again = true
    return running
  }
  running = take(root, isBusy)
  try {
    await running
  } finally {
    running = null
  }
  if (again) {
    again = false
    return refresh(root, { isBusy })
  }
}

async function take(root, isBusy) {
  let page
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (response.redirected || response.status === 404) return location.assign(parentPath())
    if (!response.ok) return
    page = new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    // Offline, or the server restarts: the next event or tick tries again.
    return
  }
  if (isBusy()) return
  const parts = root.querySelectorAll('[data-live]')
  for (const part of parts.length > 0 ? parts : [root]) {
    const fresh = page.getElementById(part.id)
    if (fresh && plain(fresh) !== plain(part)) replace(part, fresh)
  }
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
