// Keeps a part of the page true: takes it from the server again when an operation of the organization says that
// something happened, and every data-seconds (30). data-about: `instance:<uid>` narrows it to one instance.
// Waits while somebody works in it.
import { refresh } from '../live_page.js'

const SETTLE_MS = 150
const IN_HAND = ':popover-open, dialog[open], input:checked, input:focus'
const AT_WORK = '[data-operation] progress'

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
    if (this.showsWork()) this.soon()
  },

  destroy() {
    clearInterval(this.timer)
    clearTimeout(this.waiting)
    removeEventListener('portico:event', this.onEvent)
    document.removeEventListener('visibilitychange', this.onVisible)
  },

  concerns({ kind, instance }) {
    if (kind === 'progress') return false
    if (kind === 'opened') return this.showsWork()
    if (kind === 'returned') return true
    const [noun, uid] = (this.$root.dataset.about ?? '').split(':')
    return noun !== 'instance' || uid === instance
  },

  // What is typed or chosen beside the live parts stays as it is, and keeps nothing from being taken.
  isBusy() {
    if (document.hidden) return true
    const parts = this.$root.querySelectorAll('[data-live]')
    const taken = parts.length > 0 ? [...parts] : [this.$root]
    return taken.some((part) => part.querySelector(IN_HAND) !== null)
  },

  // What ends between the making of a page and the opening of its ear is told to nobody: a page that shows an
  // operation at work is taken once more when it listens.
  showsWork() {
    return this.$root.querySelector(AT_WORK) !== null
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
