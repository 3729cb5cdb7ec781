// Ctrl/⌘ K. Pages are in the document already; everything else is asked of data-source, which answers with HTML
// made by components/palette_group on the server.
const WAIT_MS = 120

export default () => ({
  selected: null,
  asked: 0,
  timer: null,
  shortcut: null,
  opener: null,

  init() {
    const dialog = this.$root
    this.shortcut = (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      this.open()
    }
    this.opener = (event) => {
      if (!event.target.closest('a[href="#palette"]')) return
      event.preventDefault()
      this.open()
    }
    addEventListener('keydown', this.shortcut)
    document.addEventListener('click', this.opener)
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || event.target.closest('[data-close]')) {
        event.preventDefault()
        dialog.close()
      }
    })
    this.number()
  },

  destroy() {
    removeEventListener('keydown', this.shortcut)
    document.removeEventListener('click', this.opener)
  },

  open() {
    if (this.$root.open) return
    this.$root.showModal()
    this.$refs.query.select()
    this.search()
  },

  // A role=option needs an id for aria-activedescendant.
  number() {
    for (const [i, row] of this.$refs.list.querySelectorAll('[role="option"]').entries()) {
      row.id = `palette-${i}`
    }
  },

  rows() {
    return [...this.$refs.list.querySelectorAll('[role="option"]:not([hidden])')]
  },

  search() {
    const wanted = this.$refs.query.value.trim()
    for (const group of this.$refs.list.querySelectorAll('[data-group]')) {
      if (this.$refs.found.contains(group)) continue
      for (const row of group.querySelectorAll('[role="option"]')) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted.toLowerCase())
      }
      group.hidden = !group.querySelector('[role="option"]:not([hidden])')
    }
    clearTimeout(this.timer)
    if (wanted && this.$root.dataset.source)
      this.timer = setTimeout(() => this.ask(wanted), WAIT_MS)
    else this.$refs.found.replaceChildren()
    this.settle()
  },

  async ask(wanted) {
    const turn = ++this.asked
    const response = await fetch(`${this.$root.dataset.source}?q=${encodeURIComponent(wanted)}`, {
      headers: { 'accept': 'text/html', 'x-fragment': 'palette' },
    }).catch(() => null)
    // An answer to what is no longer asked is not shown.
    if (turn !== this.asked || !response?.ok) return
    const { body } = new DOMParser().parseFromString(await response.text(), 'text/html')
    this.$refs.found.replaceChildren(...body.children)
    this.number()
    this.settle()
  },

  settle() {
    const rows = this.rows()
    this.$refs.nothing.hidden = rows.length > 0
    const { tally } = this.$refs
    tally.textContent = tally.dataset.text.replace('#', rows.length)
    this.choose(rows[0] ?? null)
  },

  choose(row) {
    this.selected?.setAttribute('aria-selected', 'false')
    this.selected = row
    row?.setAttribute('aria-selected', 'true')
    row?.scrollIntoView({ block: 'nearest' })
    if (row) this.$refs.query.setAttribute('aria-activedescendant', row.id)
    else this.$refs.query.removeAttribute('aria-activedescendant')
  },

  steer(event) {
    const rows = this.rows()
    const at = rows.indexOf(this.selected)
    if (event.key === 'ArrowDown') this.choose(rows[(at + 1) % rows.length] ?? null)
    else if (event.key === 'ArrowUp') this.choose(rows.at(at - 1) ?? null)
    else if (event.key === 'Enter' && !event.isComposing && this.selected) this.selected.click()
    else return
    event.preventDefault()
  },
})
