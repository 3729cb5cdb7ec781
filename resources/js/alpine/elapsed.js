// Seconds since data-since, in words that count on.
const formats = Intl.DurationFormat
  ? new Intl.DurationFormat(document.documentElement.lang, { style: 'short' })
  : null

export default () => ({
  began: 0,
  timer: null,

  init() {
    if (!formats) return
    this.began = Date.parse(this.$root.dataset.since)
    this.timer = setInterval(() => this.write(), 1000)
  },

  destroy() {
    clearInterval(this.timer)
  },

  write() {
    const seconds = Math.max(0, Math.round((Date.now() - this.began) / 1000))
    this.$root.textContent = formats.format({
      minutes: Math.floor(seconds / 60),
      seconds: seconds % 60,
    })
  },
})
