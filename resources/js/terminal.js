// The only code that knows xterm.js; loaded when a console is opened.
import './strict_styles.js'
import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
/** Under what the broker takes at once. */
const LARGEST_MESSAGE = 16 * 1024
const KEYS = {
  escape: '\x1b',
  tab: '\t',
  interrupt: '\x03',
  end: '\x04',
  up: '\x1b[A',
  down: '\x1b[B',
}
const encoder = new TextEncoder()

/** A terminal that fills `host`: its socket is sent what is typed, and its size whenever that changes. */
export function openTerminal(host, { label }) {
  let socket = null
  const send = (message) => socket?.readyState === WebSocket.OPEN && socket.send(message)
  const style = getComputedStyle(host)
  const terminal = new Terminal({
    fontFamily: style.fontFamily,
    fontSize: Number.parseFloat(style.fontSize),
    theme: themeOf(host),
    scrollback: 5_000,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.open(host)
  terminal.textarea.setAttribute('aria-label', label)
  fit.fit()

  terminal.onData((text) => sendInParts(encoder.encode(text), send))
  terminal.onBinary((text) =>
    sendInParts(
      Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
      send
    )
  )
  terminal.onResize(({ cols, rows }) => send(JSON.stringify({ columns: cols, rows })))
  new ResizeObserver(() => fit.fit()).observe(host)
  const paint = () => (terminal.options.theme = themeOf(host))
  addEventListener('portico:theme', paint)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint)

  return {
    get size() {
      return { columns: terminal.cols, rows: terminal.rows }
    },
    attach(opened) {
      socket = opened
      socket.binaryType = 'arraybuffer'
      socket.addEventListener('message', ({ data }) => terminal.write(new Uint8Array(data)))
    },
    press: (name) => terminal.input(KEYS[name]),
    type: (text) => terminal.input(text),
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
  }
}

function sendInParts(bytes, send) {
  for (let start = 0; start < bytes.length; start += LARGEST_MESSAGE) {
    send(bytes.subarray(start, start + LARGEST_MESSAGE))
  }
}

// The colours are light-dark() pairs of the style sheet, which only a painted element resolves.
function themeOf(host) {
  const probe = document.createElement('i')
  probe.hidden = true
  host.append(probe)
  const colour = (name) => {
    probe.style.color = `var(--terminal-${name})`
    return getComputedStyle(probe).color
  }
  const theme = {
    background: colour('background'),
    foreground: colour('foreground'),
    cursor: colour('foreground'),
    cursorAccent: colour('background'),
    selectionBackground: colour('selection'),
    ...Object.fromEntries(
      COLOURS.flatMap((name) => [
        [name, colour(name)],
        [`bright${name[0].toUpperCase()}${name.slice(1)}`, colour(`bright-${name}`)],
      ])
    ),
  }
  probe.remove()
  return theme
}
