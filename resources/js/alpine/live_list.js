// Keeps a part of the page true: takes it from the server again when an operation of the organization says that
// something happened, and every data-seconds (30). data-about: `instance:<uid>` narrows it to one instance.
// Waits while somebody works in it.
import { refresh } from '../live_page.js'

const SETTLE_MS = 150

export default () => ({
  timer: null,
  waiting: null,
  onEvent: null,
  onVisible: null,

  init() {
    this.onEvent = ({ detail }) => this.concerns(detail) && this.soon()
    this.onVisible = () => !document.hidden && this.soon()
    this.timer = setInterval(() => this.soon(), Number(this.$root.dataset.seconds ?? 30) * 1000)
    addEventListener('portico:event', this.onEvent)
    document.addEventListener('visibilitychange', this.onVisible)
  },

  destroy() {
    clearInterval(this.timer)
    clearTimeout(this.waiting)
    removeEventListener('portico:event', this.onEvent)
    document.removeEventListener('visibilitychange', this.onVisible)
  },

  concerns({ kind, instance }) {
    if (kind === 'progress') return false
    const [noun, uid] = (this.$root.dataset.about ?? '').split(':')
    return noun !== 'instance' || uid === instance
  },

  isBusy() {
    const work = ':popover-open, dialog[open], input:checked, input:focus'
    return document.hidden || this.$root.querySelector(work) !== null
  },

  // Events come in handfuls: the first waits a moment for the others.
  soon() {
    if (this.waiting || this.isBusy()) return
    this.waiting = setTimeout(async () => {
      await refresh(this.$root, { isBusy: () => this.isBusy() })
      this.waiting = null
    }, SETTLE_MS)
  },
})
