// The phone's navigation. The browser opens and closes it; here focus goes in, and when it leaves, the drawer closes.
export default () => ({
  settle(event) {
    if (event.newState === 'open') this.$root.querySelector('[aria-current="page"], a')?.focus()
  },

  leave(event) {
    const next = event.relatedTarget
    if (next && !this.$root.contains(next) && this.$root.matches(':popover-open')) {
      this.$root.hidePopover()
    }
  },
})
