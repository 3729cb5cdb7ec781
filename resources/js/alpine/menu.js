// Arrow keys inside a popover that lists things, and focus on its first line when it opens.
const LINES = 'a[href], button:not([disabled]), input:not([type="hidden"])'

export default () => ({
  lines() {
    return [...this.$root.querySelectorAll(LINES)].filter((line) => line.offsetParent !== null)
  },

  settle(event) {
    if (event.newState === 'open') this.lines()[0]?.focus()
  },

  move(event) {
    const lines = this.lines()
    const at = lines.indexOf(document.activeElement)
    const next = {
      ArrowDown: lines[(at + 1) % lines.length],
      ArrowUp: lines[(at - 1 + lines.length) % lines.length],
      Home: lines[0],
      End: lines.at(-1),
    }[event.key]
    if (!next || (event.target.matches('input') && event.key !== 'ArrowDown')) return
    event.preventDefault()
    next.focus()
  },
})
