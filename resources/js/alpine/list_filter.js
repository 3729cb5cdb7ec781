// Hides the lines of a short list (li[data-filter]) that do not hold what is typed.
export default () => ({
  filter(event) {
    const wanted = event.target.value.trim().toLowerCase()
    for (const line of this.$root.parentElement.querySelectorAll('[data-filter]')) {
      line.hidden = !line.dataset.filter.toLowerCase().includes(wanted)
    }
  },
})
