// Boxes at the rows of a list: the one in the head ticks all on the page, and the bar says how many are ticked.
// Without it the form says the same: the head's box is sent as "the page".
export default () => ({
  init() {
    this.count()
  },

  boxes() {
    return [...this.$root.querySelectorAll('input[name="uid"]')]
  },

  head() {
    return this.$root.querySelector('input[name="page"]')
  },

  changed({ target }) {
    if (target.name === 'page') this.boxes().forEach((box) => (box.checked = target.checked))
    if (target.name !== 'matching') this.matching().checked = false
    this.count()
  },

  matching() {
    return this.$root.querySelector('input[name="matching"]')
  },

  // The boxes stand outside of the form that they belong to; they are reset after this event.
  cleared() {
    setTimeout(() => this.count())
  },

  count() {
    const boxes = this.boxes()
    const ticked = boxes.filter((box) => box.checked).length
    const head = this.head()
    if (head) {
      head.checked = ticked > 0 && ticked === boxes.length
      head.indeterminate = ticked > 0 && ticked < boxes.length
    }
    const word = this.$root.querySelector('[data-count]')
    if (word) word.textContent = word.dataset.count.replace('#', String(ticked))
  },
})
