// The red button waits until the name stands there exactly; without a script the browser checks the pattern.
export default () => ({
  init() {
    this.check()
  },

  button() {
    const form = this.$root.closest('form')
    return (
      form.querySelector('[type="submit"]') ??
      document.querySelector(`[form="${CSS.escape(form.id)}"]`)
    )
  },

  check() {
    const typed = this.$root.querySelector('input').value
    this.button()?.toggleAttribute('disabled', typed !== this.$root.dataset.name)
  },
})
