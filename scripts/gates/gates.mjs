// The gates of `npm run check`, each as it is run from the root of the repository. scripts/gates-can-fail.mjs has a break for each of them.

const gate = (name) => [`scripts/gates/${name}.mjs`]
/** name, what it says, how it is run, which gate must have ended before. */
export const gates = [
  ['build', 'every package builds: ESM, CJS, declarations', ['scripts/build.mjs']],
  ['lint', 'typed lint, no warning', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']],
  ['types', 'every package, tests and examples, TypeScript 6', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit']],
  ['types-native', 'the same under the native compiler, TypeScript 7', ['scripts/native/node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit']],
  ['types-pure', 'pure folders see neither Node nor the DOM', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.pure.json', '--noEmit']],
  ['architecture', 'import table, purity, cycles, sizes of files', ['scripts/architecture.mjs']],
  ['knip', 'no unused file, export or dependency', ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['knip-production', 'the same for what is published, without tests', ['node_modules/knip/bin/knip.js', '--no-progress', '--production', '--strict']],
  ['supply', 'licences, no install scripts, a reason for each dependency, list of parts', gate('supply')],
  ['entries', 'where bytes from outside enter: limits, parsers, tests', gate('entries')],
  ['secrets', 'no key, token or password in any file or version', [...gate('secrets'), '--history']],
  ['public-types', 'no zod, ky, hono or pg in public declarations', ['scripts/check-public-types.mjs'], 'build'],
  ['manifests', 'publint --strict and attw on the packed tarballs', gate('manifests'), 'build'],
  ['consumers', 'the packed tarballs load as ESM and CJS; types under TypeScript 6 and 7, four ways to resolve', [...gate('consumers'), '--loads', '--types', '6.0.3,7.0.2'], 'manifests'],
  ['size', 'each entry within its budget', gate('size'), 'build'],
  ['publish', 'publishing, tried without publishing', ['scripts/publish.mjs', '--dry-run'], 'consumers'],
  ['blocks', 'every code block of README and docs compiles, parses or names a command there is', ['scripts/docs-blocks.mjs', '--blocks'], 'build'],
  ['examples', 'every public function, class and constant has an example that compiles and holds', ['scripts/docstring-examples.mjs']],
  ['docs', 'reference of every public entry, tables written from data, the site around them', ['scripts/docs.mjs'], 'build'],
]
