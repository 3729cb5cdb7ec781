// Copies x-ref="value" and says so for two seconds, to the eye and to a screen reader.
export default () => ({
  copied: false,
  announcement: '',

  get idle() {
    return !this.copied
  },

  async copy() {
    const value = this.$refs.value
    try {
      await navigator.clipboard.writeText(value.textContent.trim())
    } catch {
      // Without https there is no clipboard: select, and leave the rest to the person.
      getSelection().selectAllChildren(value)
      return
    }
    this.copied = true
    this.announcement = this.$root.querySelector('[data-copied]').dataset.copied
    setTimeout(() => {
      this.copied = false
      this.announcement = ''
    }, 2000)
  },
})
