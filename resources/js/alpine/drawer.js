// The phone's navigation. The browser opens and closes it; here the page behind it is taken out of reach.
export default () => ({
  settle(event) {
    const page = document.getElementById('main')
    if (page) page.inert = event.newState === 'open'
    if (event.newState === 'open') this.$root.querySelector('[aria-current="page"], a')?.focus()
  },
})
