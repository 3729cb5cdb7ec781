// The page of an operation as it goes on. Steps and outcome are the server's own HTML, taken again when one changes;
// ticks of progress and lines of the log are written here. Without events (a proxy that holds them back, too many
// open pages) the page is simply taken again every few seconds.
import { refresh } from '../live_page.js'

const POLL_MS = 4000
// A stream may die without a word: half-open connections, proxies that sleep.
const CHECK_MS = 20_000
const REOPEN_MS = 15_000
const FINAL = ['succeeded', 'failed', 'cancelled', 'needs_attention']

export default () => ({
  source: null,
  last: null,
  polling: null,
  reopening: null,
  checking: null,

  init() {
    if (!this.$root.dataset.events) return
    this.open()
    this.checking = setInterval(() => !document.hidden && refresh(this.$root), CHECK_MS)
  },

  destroy() {
    clearInterval(this.checking)
    this.close()
  },

  open() {
    this.source = new EventSource(this.address())
    this.source.onopen = () => this.stopPolling()
    this.source.onmessage = ({ data, lastEventId }) => {
      if (lastEventId) this.last = lastEventId
      this.take(JSON.parse(data))
    }
    this.source.onerror = () => {
      // CONNECTING: the browser tries again and names the last event it has.
      if (this.source?.readyState === EventSource.CLOSED) this.poll()
    }
  },

  // The first events are on the page already: only what came after its log is wanted.
  address() {
    const log = document.getElementById('operation-log')
    const last = this.last ?? log?.dataset.last
    const path = this.$root.dataset.events
    return last ? `${path}?after=${encodeURIComponent(last)}` : path
  },

  take(event) {
    if (event.text) this.log(event)
    if (event.kind === 'progress') this.tick(event)
    else if (event.kind === 'state' && FINAL.includes(event.state)) this.settle()
    else refresh(this.$root)
  },

  // The last word must not be lost with an answer that did not arrive.
  async settle() {
    this.close()
    if (await refresh(this.$root)) clearInterval(this.checking)
    else this.reopening = setTimeout(() => this.settle(), POLL_MS)
  },

  tick({ percent, said }) {
    const step = document.querySelector('#operation-steps [data-step="running"]')
    const bar = step?.querySelector('progress')
    if (!step || (percent !== null && !bar)) return refresh(this.$root)
    if (bar && percent !== null) {
      bar.value = percent
      const figure = bar.parentElement.querySelector('.num')
      if (figure) figure.textContent = `${Math.round(percent)}%`
    }
    const note = step.querySelector('[data-note]')
    if (note && said) note.textContent = said
  },

  log({ text, clock, group }) {
    const log = document.getElementById('operation-log')
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    log.querySelector('[data-nothing]')?.remove()
    const last = log.lastElementChild
    const line = document.createElement('p')
    line.dataset.group = group ?? ''
    const time = document.createElement('time')
    time.className = 'text-quiet'
    time.textContent = clock
    line.append(time, ` ${text}`)
    if (group && last?.dataset.group === group) last.replaceWith(line)
    else log.append(line)
    if (isAtEnd) log.scrollTop = log.scrollHeight
  },

  poll() {
    this.close()
    this.polling = setInterval(() => !document.hidden && refresh(this.$root), POLL_MS)
    this.reopening = setTimeout(() => this.open(), REOPEN_MS)
  },

  stopPolling() {
    clearInterval(this.polling)
    clearTimeout(this.reopening)
  },

  close() {
    this.stopPolling()
    this.source?.close()
    this.source = null
  },
})
