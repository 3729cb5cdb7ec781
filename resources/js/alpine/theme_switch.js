// The page changes at once, the server remembers; without a script the form does both.
export default () => ({
  async choose(event) {
    const theme = event.submitter?.value
    if (!theme) return
    event.preventDefault()
    const root = document.documentElement
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
    document.querySelector('meta[name="color-scheme"]').content =
      theme === 'system' ? 'light dark' : theme
    for (const button of document.querySelectorAll('button[name="theme"]')) {
      button.setAttribute('aria-pressed', String(button.value === theme))
    }
    dispatchEvent(new CustomEvent('portico:theme'))

    const body = new URLSearchParams(new FormData(this.$root))
    body.set('theme', theme)
    await fetch(this.$root.action, {
      method: 'POST',
      body,
      headers: { accept: 'application/json' },
    })
  },
})
