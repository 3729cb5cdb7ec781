// What goes with what on the page that creates an instance: disables what is not offered together and says why, and
// keeps the summary. Without it every choice stays open and the server answers at the field.
export default () => ({
  form: null,
  offer: null,
  words: null,

  init() {
    this.form = this.$root.closest('form')
    this.offer = JSON.parse(this.$refs.offer.textContent)
    this.words = JSON.parse(this.$refs.words.textContent)
    this.update()
  },

  chosen(name) {
    return this.form.querySelector(`input[name="${name}"]:checked`)?.value ?? null
  },

  update() {
    const { images, plans, clusters } = this.offer
    const image = images.find(({ uid }) => uid === this.chosen('image'))
    this.allow('plan', (uid) => {
      const plan = plans.find((entry) => entry.uid === uid)
      if (image && plan.kind !== image.kind) return this.words.otherKind
      if (image && !plan.clusters.some((id) => image.clusters.includes(id)))
        return this.words.notTogether
      return null
    })
    const plan = plans.find(({ uid }) => uid === this.chosen('plan'))
    const possible = clusters.filter(
      ({ uid }) => image?.clusters.includes(uid) && plan?.clusters.includes(uid)
    )
    this.allow('cluster', (uid) =>
      uid === '' || possible.some((cluster) => cluster.uid === uid) ? null : this.words.notTogether
    )
    const cluster = clusters.find(({ uid }) => uid === this.chosen('cluster'))
    const places = cluster ? [cluster] : possible
    this.allow('network', (choice) =>
      places.some(({ networks }) => networks.includes(choice)) ? null : this.words.noNetwork
    )
    this.tellRoom(plan)
    this.summarize({ image, plan, cluster, places })
  },

  // A choice that is gone must not stay chosen: the first one that is left takes its place.
  allow(name, reasonFor) {
    const inputs = [...this.form.querySelectorAll(`input[name="${name}"]`)]
    for (const input of inputs) {
      const reason = reasonFor(input.value)
      input.disabled = reason !== null
      let note = input.parentElement.querySelector('[data-why]')
      if (reason && !note) {
        note = document.createElement('span')
        note.className = 'block text-sm text-quiet'
        note.dataset.why = ''
        input.nextElementSibling.append(note)
      }
      if (note) note.textContent = reason ?? ''
    }
    if (inputs.some((input) => input.checked && !input.disabled)) return
    const first = inputs.find((input) => !input.disabled)
    if (first) first.checked = true
  },

  tellRoom(plan) {
    for (const { uid, fits, isSilent, isOutOfAddresses } of this.offer.clusters) {
      const line = this.form.querySelector(`[data-room="${uid}"]`)
      if (line && plan && !isSilent && !isOutOfAddresses)
        line.textContent = this.room(fits[plan.uid] ?? 0)
    }
  },

  room(count) {
    return count === 0 ? this.words.noRoom : this.words.roomFor.replace('#', count)
  },

  summarize({ image, plan, cluster, places }) {
    const { words } = this
    this.write('image', image?.title)
    this.write('plan', words.plans[plan?.uid])
    this.write('where', cluster?.name ?? (places.length === 1 ? places[0].name : words.anywhere))
    this.write('network', this.label('network'))
    const keys = this.form.elements.ssh_keys.value.split('\n').filter((line) => line.trim()).length
    this.write(
      'access',
      `${this.label('password_choice')}${keys > 0 ? ` + ${words.keys.replace('#', keys)}` : ''}`
    )
    this.write('name', this.form.elements.name.value)
    this.write(
      'short',
      [this.form.elements.name.value, plan?.name, image?.title].filter(Boolean).join(' · ')
    )
    const fits = places.reduce((sum, place) => sum + (place.fits[plan?.uid] ?? 0), 0)
    const problem = plan?.exceeds.length ? words.overQuota : fits === 0 ? words.noRoom : ''
    this.write('problem', problem)
    this.countQuotas(plan)
  },

  countQuotas(plan) {
    const wanted = {
      instances: 1,
      cpus: plan?.cpus,
      memory_mib: plan?.memoryMib,
      disk_gib: plan?.diskGib,
    }
    for (const { resource, used, maximum } of this.offer.quotas) {
      const line = this.form.querySelector(`[data-quota="${resource}"]`)
      if (!line) continue
      const after = used + (wanted[resource] ?? 0)
      line.querySelector('[data-after]').textContent = amount(resource, after)
      line.classList.toggle('tone-error', maximum !== null && after > maximum)
    }
  },

  label(name) {
    const input = this.form.querySelector(`input[name="${name}"]:checked`)
    return input?.parentElement
      .querySelector('.font-medium')
      ?.textContent.trim()
      .replace(/\s+/g, ' ')
  },

  write(line, text) {
    const place = this.form.querySelector(`[data-summary="${line}"]`)
    if (place) place.textContent = text ?? ''
  },
})

const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 })

/** As the server writes amounts: a thin space, and the largest unit that leaves a number above one. */
function amount(resource, value) {
  const units = { memory_mib: ['MiB', 'GiB', 'TiB'], disk_gib: ['GiB', 'TiB'] }[resource]
  if (!units) return numbers.format(value)
  const power = Math.min(
    units.length - 1,
    value < 1 ? 0 : Math.floor(Math.log(value) / Math.log(1024))
  )
  return `${numbers.format(value / 1024 ** power)}\u202f${units[power]}`
}
