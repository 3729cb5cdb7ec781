// Puts the text of a chosen file into the text area beside it, so that a key is sent like anything else that is
// typed and no uploaded file of it is left lying on the server. `data-largest` says how many bytes it may have.
const LARGEST = 64 * 1024

export default () => ({
  async read({ target }) {
    const [file] = target.files
    if (!file || file.size > (Number(this.$root.dataset.largest) || LARGEST)) return
    this.$root.querySelector('textarea').value = await file.text()
    target.value = ''
  },
})
