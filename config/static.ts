import { defineConfig } from '@adonisjs/static'

export default defineConfig({
  enabled: true,
  etag: true,
  lastModified: true,
  dotFiles: 'ignore',
  // Built files carry a hash of their content in the name: what was fetched once never changes.
  headers: (path): Record<string, string> =>
    path.includes('/public/assets/')
      ? { 'cache-control': 'public, max-age=31536000, immutable' }
      : {},
})
