/** What the linter holds: TypeScript with types, Lit templates, custom elements and accessibility. Layout belongs to Prettier. */
import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

export default defineConfig(
  // What the examples have in TypeScript comes with packages and settings of its own, and is checked when they are built.
  globalIgnores(['**/dist', 'site', '.cache', 'coverage', 'test/typings/*', 'typings', 'examples/**/*.{ts,tsx}']),
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  ts.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Lit binds `@click=${this.#f}` to its host itself.
      '@typescript-eslint/unbound-method': 'off',
      // An `async` function without `await` is how a synchronous answer takes the shape of an interface.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `import('redis')` in a type is how a lazily loaded driver is named without loading it.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // The name of an index is documentation that a `Record` has no place for.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-empty-function': 'off',
      // `||` is meant where an empty text counts as none.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      'no-console': 'error',
      // The compiler knows every global, and which of them the platform has.
      'no-undef': 'off',
      // Matching NUL and other control characters is the point of the expressions that contain them.
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts', 'demo/**/*.ts', 'test/browser/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/recommended'], litA11y.configs.recommended],
    settings: { wc: { elementBaseClasses: ['LitElement'] } },
  },
  {
    files: [
      'src/cli/**',
      'src/cli.ts',
      'demo/host/**',
      'demo/start.js',
      'vite.config.ts',
      'web-test-runner.config.js',
      'test/**',
      'scripts/**',
      'bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/server/**/*.ts'],
    // A promise that an `async` function returns takes three turns of the microtask queue, one that it awaits takes one.
    rules: { '@typescript-eslint/return-await': ['error', 'always'] },
  },
  {
    files: ['test/browser/*.ts'],
    rules: {
      // Chai's assertions are expressions (`expect(x).to.be.true`), and look like promises to the compiler.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  { files: ['**/*.js'], extends: [ts.configs.disableTypeChecked] },
);
