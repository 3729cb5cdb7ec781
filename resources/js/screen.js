// The only code that knows noVNC; loaded when a screen is opened.
import RFB from '@novnc/novnc'

/** X11's names for keys, which RFB uses. */
const KEYS = {
  escape: [0xff1b],
  tab: [0xff09],
  interrupt: [0xffe3, 0x63],
  end: [0xffe3, 0x64],
  up: [0xff52],
  down: [0xff54],
}
const ENTER = 0xff0d
const UNICODE = 0x01000000
const LAST_LATIN = 0xff

/** A screen that fills `host`; the socket that is attached speaks RFB. */
export function openScreen(host, { label }) {
  let rfb = null
  const pressTogether = (keys) => {
    for (const key of keys) rfb.sendKey(key, null, true)
    for (const key of keys.toReversed()) rfb.sendKey(key, null, false)
  }
  return {
    // As large as the guest draws it.
    size: { columns: 1, rows: 1 },
    attach(socket) {
      rfb = new RFB(host, socket, { shared: true })
      rfb.scaleViewport = true
      rfb.background = 'var(--terminal-background)'
      const canvas = host.querySelector('canvas')
      canvas.setAttribute('role', 'application')
      canvas.setAttribute('aria-label', label)
      canvas.tabIndex = 0
    },
    press: (name) => pressTogether(KEYS[name]),
    type(text) {
      for (const letter of text) {
        const code = letter.codePointAt(0)
        pressTogether([letter === '\r' ? ENTER : code > LAST_LATIN ? UNICODE + code : code])
      }
    },
    reset: () => host.replaceChildren(),
    focus: () => rfb?.focus(),
  }
}
