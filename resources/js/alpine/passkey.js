// A passkey for a plain form: the browser's answer goes into its field `credential`, and the form is sent.
// data-purpose: create | get
export default () => ({
  failed: false,
  busy: false,

  get unsupported() {
    return !window.PublicKeyCredential
  },

  async ask(event) {
    event.preventDefault()
    const form = this.$root
    if (this.busy || !form.reportValidity()) return
    this.busy = true
    this.failed = false
    try {
      const { startAuthentication, startRegistration } = await import('@simplewebauthn/browser')
      const optionsJSON = await challenge(form.dataset.purpose)
      const answer =
        form.dataset.purpose === 'create'
          ? await startRegistration({ optionsJSON })
          : await startAuthentication({ optionsJSON })
      form.elements.credential.value = JSON.stringify(answer)
      form.submit()
    } catch {
      // Cancelled, timed out, or the device has no passkey for this site: the browser tells no more.
      this.failed = true
      this.busy = false
    }
  },
})

async function challenge(purpose) {
  const response = await fetch('/passkey-challenges', {
    method: 'POST',
    headers: {
      'Accept': 'application/json',
      'Content-Type': 'application/json',
      'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content,
    },
    body: JSON.stringify({ purpose }),
  })
  if (!response.ok) throw new Error(`challenge refused: ${response.status}`)
  return response.json()
}
