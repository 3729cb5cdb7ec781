import { configApp } from '@adonisjs/eslint-config'

export default configApp(
  // Builds come and go in tmp while the linter walks.
  { ignores: ['tmp/**', 'build/**', 'public/assets/**'] },
  {
    rules: { '@typescript-eslint/no-explicit-any': 'error' },
  },
  {
    // A test asks for a value once, where it looks at it: `assert.equal((await usage()).instances, 1)`.
    files: ['tests/**/*.ts'],
    rules: { '@unicorn/no-await-expression-member': 'off' },
  }
)
