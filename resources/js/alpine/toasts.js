// Toasts: those the server wrote, and live ones by
// dispatchEvent(new CustomEvent('portico:toast', { detail: { door, title, text, href, action } })).
const STAYS_MS = 8000
const TONES = {
  lit: 'tone-success',
  crossed: 'tone-error',
  barred: 'tone-warning',
  work: 'tone-work',
}

export default () => ({
  init() {
    for (const toast of this.$root.querySelectorAll('[data-toast]')) this.leaveLater(toast)
  },

  show({ detail }) {
    const { door = 'lit', title, text, href, action } = detail
    const toast = this.$refs.blank.content.querySelector('[data-toast]').cloneNode(true)
    toast.setAttribute('role', door === 'crossed' ? 'alert' : 'status')
    toast.querySelector('use').setAttribute('href', `#door-${door}`)
    toast.querySelector('.door').setAttribute('class', `door ${TONES[door] ?? 'tone-quiet'}`)
    const [head, words] = toast.querySelectorAll('p')
    head.textContent = title
    if (text) words.textContent = text
    else words.remove()
    const link = toast.querySelector('a')
    if (href?.startsWith('/')) {
      link.href = href
      link.textContent = action
    } else link.remove()
    this.$root.append(toast)
    this.leaveLater(toast)
  },

  // A failure stays until it is closed; nothing leaves while it is pointed at or read.
  leaveLater(toast) {
    if (toast.getAttribute('role') === 'alert') return
    const leave = () => {
      if (toast.matches(':hover, :focus-within')) setTimeout(leave, 2000)
      else toast.remove()
    }
    setTimeout(leave, STAYS_MS)
  },

  dismiss(event) {
    if (event.target.closest('[data-dismiss]')) event.target.closest('[data-toast]').remove()
  },
})
