// The count at the top, and the ear of the whole page: what is heard goes on as `portico:event`, and the end of an
// operation as a toast, wherever one is.
import { followShared } from '../shared_events.js'

export default () => ({
  leave: null,
  return: null,
  stop: null,

  init() {
    this.leave = () => this.stop?.()
    this.return = ({ persisted }) => persisted && this.follow()
    addEventListener('pagehide', this.leave)
    addEventListener('pageshow', this.return)
    this.follow()
  },

  destroy() {
    this.leave()
    removeEventListener('pagehide', this.leave)
    removeEventListener('pageshow', this.return)
  },

  follow() {
    const path = this.$root.dataset.events
    if (path) this.stop = followShared(path, (event) => this.hear(event))
  },

  hear(event) {
    dispatchEvent(new CustomEvent('portico:event', { detail: event }))
    if (event.running !== undefined) this.show(event.running)
    // The page of the operation tells its end itself.
    if (event.toast && location.pathname !== event.toast.href) {
      dispatchEvent(new CustomEvent('portico:toast', { detail: event.toast }))
    }
  },

  show(running) {
    this.$refs.count.textContent = running
    this.$refs.idle.hidden = running > 0
    this.$refs.busy.hidden = running === 0
  },
})
