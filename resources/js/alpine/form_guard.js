// A form is sent once, however often one clicks; the button that sent it shows that it works.
export default () => ({
  sent: false,
  release: null,

  init() {
    // Coming back from the browser's cache, the form may be sent again.
    this.release = (event) => event.persisted && this.unlock()
    addEventListener('pageshow', this.release)
  },

  destroy() {
    removeEventListener('pageshow', this.release)
  },

  lock(event) {
    if (this.sent) return event.preventDefault()
    if (event.defaultPrevented) return
    this.sent = true
    this.$root.setAttribute('aria-busy', 'true')
    // The button must stay enabled while the browser collects the form, or its value is left out.
    event.submitter?.setAttribute('aria-busy', 'true')
  },

  unlock() {
    this.sent = false
    this.$root.removeAttribute('aria-busy')
    for (const button of document.querySelectorAll('button[aria-busy="true"]')) {
      button.removeAttribute('aria-busy')
    }
  },
})
