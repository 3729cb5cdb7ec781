import { defineConfig } from 'vite'
import adonisjs from '@adonisjs/vite/client'
import tailwindcss from '@tailwindcss/vite'

/** Under test AdonisJS starts a Vite server that nobody asks for a module: it need not watch or scan. */
const quiet = process.env.NODE_ENV === 'test'

export default defineConfig({
  plugins: [
    tailwindcss(),
    adonisjs({
      entryPoints: ['resources/css/app.css', 'resources/js/app.js', 'resources/js/charts.js'],
      reload: ['resources/views/**/*.edge'],
    }),
  ],
  server: quiet
    ? { watch: null, hmr: false, ws: false }
    : { watch: { ignored: ['**/storage/**', '**/tmp/**', '**/tests/**'] } },
  optimizeDeps: quiet ? { noDiscovery: true, include: [] } : undefined,
})
