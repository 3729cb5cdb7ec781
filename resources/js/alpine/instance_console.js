// A console in the page: takes a ticket, opens the socket it is good for, and joins it to a terminal or a screen.
// data-ticket, data-socket: addresses; data-kind; data-label; data-texts: JSON of what may be said.
const PROTOCOL = 'portico.console'
/** Sent by the browser itself when the server closed because of a message that is too long. */
const TOO_LONG = 1009

// Not among the component's fields: Alpine would wrap them, and they are no state of the page.
let view = null
let socket = null

export default () => ({
  state: 'idle',
  said: '',
  used: false,

  destroy() {
    socket?.close()
    view = null
  },

  get isIdle() {
    return this.state === 'idle'
  },

  get isOpen() {
    return this.state === 'open'
  },

  get isFresh() {
    return !this.used
  },

  get lamp() {
    return `console-lamp console-${this.state}`
  },

  get status() {
    return this.said || this.texts[`state_${this.state}`]
  },

  get texts() {
    return JSON.parse(this.$root.dataset.texts)
  },

  async connect() {
    if (!this.isIdle) return
    this.state = 'connecting'
    this.said = ''
    this.used = true
    try {
      // First, so that the screen it fills is there to be measured.
      await this.$nextTick()
      await this.open()
    } catch (error) {
      this.over(error.said ?? this.texts.lost)
    }
  },

  async open() {
    const { ticket, socket: path, kind, label } = this.$root.dataset
    const open = await opener(kind)
    view ??= open(this.$refs.screen, { label })
    view.reset()
    const address = new URL(path, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    address.search = new URLSearchParams(view.size)
    const good = await takeTicket(ticket, kind)
    socket = new WebSocket(address, [PROTOCOL, `ticket.${good}`])
    view.attach(socket)
    socket.addEventListener('open', () => {
      this.state = 'open'
      view.focus()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      const refused = this.isOpen ? this.texts.lost : this.texts.refused
      this.over(code === TOO_LONG ? this.texts.malformed : (this.texts[reason] ?? refused))
    })
  },

  disconnect() {
    socket?.close()
  },

  press({ currentTarget }) {
    view?.press(currentTarget.name)
    view?.focus()
  },

  type({ currentTarget }) {
    view?.type(`${currentTarget.elements.line.value}\r`)
    currentTarget.reset()
  },

  fullScreen() {
    this.$refs.frame.requestFullscreen().then(() => view?.focus())
  },

  over(said) {
    this.state = 'idle'
    this.said = said
  },
})

async function opener(kind) {
  if (kind === 'screen') return (await import('../screen.js')).openScreen
  return (await import('../terminal.js')).openTerminal
}

async function takeTicket(address, kind) {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'Accept': 'application/json',
      'Content-Type': 'application/json',
      'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content,
    },
    body: JSON.stringify({ kind }),
  })
  const answer = await response.json()
  if (response.ok) return answer.ticket
  throw Object.assign(new Error('refused'), { said: answer.error?.message })
}
