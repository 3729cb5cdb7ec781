// Loaded by every page. One component a file; a page works without any of them.
import Alpine from '@alpinejs/csp'

const components = import.meta.glob('./alpine/*.js', { eager: true, import: 'default' })

for (const [path, component] of Object.entries(components)) {
  const name = path
    .slice('./alpine/'.length, -'.js'.length)
    .replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
  Alpine.data(name, component)
}

Alpine.start()
