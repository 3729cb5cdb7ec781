// <time datetime> in words that stay true while the page stands.
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, {
  numeric: 'auto',
  style: 'short',
})

export default () => ({
  timer: null,

  init() {
    this.timer = setInterval(() => this.write(), 10_000)
  },

  destroy() {
    clearInterval(this.timer)
  },

  write() {
    if (document.hidden) return
    const seconds = Math.round((Date.parse(this.$root.dateTime) - Date.now()) / 1000)
    const [unit, size] = UNITS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
    this.$root.textContent = words.format(Math.trunc(seconds / size), unit)
  },
})
