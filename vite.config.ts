import { defineConfig } from 'vite'
import adonisjs from '@adonisjs/vite/client'
import tailwindcss from '@tailwindcss/vite'

export default defineConfig({
  plugins: [
    tailwindcss(),
    adonisjs({
      entryPoints: ['resources/css/app.css', 'resources/js/app.js', 'resources/js/charts.js'],
      reload: ['resources/views/**/*.edge'],
    }),
  ],
  server: { watch: { ignored: ['**/storage/**', '**/tmp/**', '**/tests/**'] } },
})
