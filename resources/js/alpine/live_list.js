// Keeps a part of the page fresh: fetches this same address and takes over the element of the same id.
// data-seconds: how often (15). data-events: an EventSource that says when. Waits while somebody works in it.
export default () => ({
  init() {
    this.tick = setInterval(() => this.refresh(), Number(this.$root.dataset.seconds ?? 15) * 1000)
    if (this.$root.dataset.events) {
      this.events = new EventSource(this.$root.dataset.events)
      this.events.onmessage = () => this.refresh()
    }
    this.wake = () => !document.hidden && this.refresh()
    document.addEventListener('visibilitychange', this.wake)
  },

  destroy() {
    clearInterval(this.tick)
    this.events?.close()
    document.removeEventListener('visibilitychange', this.wake)
  },

  isBusy() {
    return (
      document.hidden ||
      this.$root.querySelector(':popover-open, dialog[open], input:checked, input:focus') !== null
    )
  },

  async refresh() {
    if (this.loading || this.isBusy()) return
    this.loading = true
    try {
      const response = await fetch(location.href, {
        headers: { 'accept': 'text/html', 'x-fragment': this.$root.id },
      })
      if (!response.ok || response.redirected) return
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.getElementById(this.$root.id)
      if (fresh && !this.isBusy() && fresh.innerHTML !== this.seen) this.take(fresh)
    } catch {
      // Offline, or the server restarts: the stamp on the page tells its age.
    } finally {
      this.loading = false
    }
  },

  take(fresh) {
    this.seen = fresh.innerHTML
    const focused = this.$root.contains(document.activeElement) ? document.activeElement : null
    const same =
      focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.getAttribute('href'))
    this.$root.replaceChildren(...fresh.childNodes)
    if (!same) return
    const again = same.startsWith('#') ? same : `a[href="${CSS.escape(same)}"]`
    this.$root.querySelector(again)?.focus()
  },
})
