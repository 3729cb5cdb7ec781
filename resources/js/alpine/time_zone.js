// Tells a hidden field where the browser is.
export default () => ({
  init() {
    this.$root.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ''
  },
})
