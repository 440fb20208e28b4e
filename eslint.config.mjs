// Typed lint of every package, test and example: typescript-eslint's strict set. What is switched off, or bent, says why.
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/*.prop.test.ts', '**/*.test-d.ts', 'packages/*/test/**/*.ts', 'packages/*/conformance/**/*.ts', 'test/**/*.ts']
const libraries = ['packages/{pki,sdk,postgres,sandbox,srikandi,spbe,spbe-elements}/src/**/*.ts']

export default tseslint.config(
  // `asing-lama.js` breaks the built-in objects on purpose: other people's old scripts do.
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.cache/**', '**/.next/**', 'docs/**', 'packages/*/bench/**', 'examples/portal/browser/asing-lama.js'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      // Readers of bytes index what they have just measured (`bytes[at]!`); fuzzing shows that the measure holds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `return fail()` ends a branch in one line; `void name.value` reads a getter for its errors. What matters, a promise nobody awaits, has its own rule.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      // What was caught is handed on as it came.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // A field is left out of a copy by taking it out of the rest.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A port's method is `async` although this one awaits nothing: what it throws must become a rejection.
      '@typescript-eslint/require-await': 'off',
      // Narrowing believes that a getter (`reader.done`) answers the same twice, and that callers in JavaScript obey the types.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  { files: libraries, ignores: tests, rules: { 'no-console': 'error' } },
  {
    files: tests,
    rules: {
      // A test looks into JSON that a server answered, and says what must be there; what is missing fails it.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  // Test offices and sandboxes are taken apart by their functions, none of which uses `this`.
  // Hono's listener for Node returns a promise that it settles itself.
  { files: [...tests, 'examples/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off', '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }] } },
  { files: ['**/*.mjs', '**/*.js'], extends: [...tseslint.configs.recommended], rules: { eqeqeq: 'error', '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] } },
)
