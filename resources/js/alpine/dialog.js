// A <dialog> that links open: <a href="#its-id">. Any [data-close] in it, a click beside it and Esc close it.
export default () => ({
  opened: null,

  init() {
    const dialog = this.$root
    this.opened = (event) => {
      const link = event.target.closest(`a[href="#${CSS.escape(dialog.id)}"]`)
      if (!link) return
      event.preventDefault()
      link.closest('[popover]')?.hidePopover()
      dialog.showModal()
    }
    document.addEventListener('click', this.opened)
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || event.target.closest('[data-close]')) {
        event.preventDefault()
        dialog.close()
      }
    })
    if (dialog.dataset.open || location.hash === `#${dialog.id}`) dialog.showModal()
    dialog.addEventListener('close', () => {
      if (location.hash === `#${dialog.id}`)
        history.replaceState(null, '', location.href.split('#')[0])
    })
  },

  destroy() {
    document.removeEventListener('click', this.opened)
  },
})
