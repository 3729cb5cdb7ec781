// A console in the page: takes a ticket, opens the socket it is good for, and joins it to a terminal.
// data-ticket, data-socket: addresses; data-kind; data-label; data-texts: JSON of what may be said.
const PROTOCOL = 'portico.console'
/** Sent by the browser itself when the server closed because of a message that is too long. */
const TOO_LONG = 1009
const KEYS = {
  escape: '\x1b',
  tab: '\t',
  interrupt: '\x03',
  end: '\x04',
  up: '\x1b[A',
  down: '\x1b[B',
}

// Not among the component's fields: Alpine would wrap them, and they are no state of the page.
let terminal = null
let socket = null

export default () => ({
  state: 'idle',
  said: '',
  used: false,

  destroy() {
    socket?.close()
    terminal = null
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
    const { openTerminal } = await import('../terminal.js')
    terminal ??= openTerminal(this.$refs.screen, {
      label: this.$root.dataset.label,
      send: (bytes) => this.isOpen && socket.send(bytes),
      resize: (size) => this.isOpen && socket.send(JSON.stringify(size)),
    })
    terminal.reset()
    const { ticket, socket: path, kind } = this.$root.dataset
    const address = new URL(path, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    address.search = new URLSearchParams(terminal.size)
    const good = await takeTicket(ticket, kind)
    socket = new WebSocket(address, [PROTOCOL, `ticket.${good}`])
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      this.state = 'open'
      terminal.focus()
    })
    socket.addEventListener('message', ({ data }) => terminal.write(new Uint8Array(data)))
    socket.addEventListener('close', ({ code, reason }) => {
      const refused = this.isOpen ? this.texts.lost : this.texts.refused
      this.over(code === TOO_LONG ? this.texts.malformed : (this.texts[reason] ?? refused))
    })
  },

  disconnect() {
    socket?.close()
  },

  press({ currentTarget }) {
    terminal?.type(KEYS[currentTarget.name])
    terminal?.focus()
  },

  fullScreen() {
    this.$refs.frame.requestFullscreen().then(() => terminal?.focus())
  },

  over(said) {
    this.state = 'idle'
    this.said = said
  },
})

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
