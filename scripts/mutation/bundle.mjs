// Every mutant of a folder in one copy of its code, switched by a variable, bundled with the tests that answer for it. Stryker's instrumenter makes
// the mutants (their ids, their places, the switch); esbuild makes one module of it, which loads in a moment and can be loaded anew for each mutant.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { build } from 'esbuild'

const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error, isDebugEnabled: () => false }

/** Files under a folder whose path from there fits. */
export function filesUnder(folder, fits) {
  return readdirSync(folder, { recursive: true }).map(String).filter((name) => fits.test(name) && statSync(join(folder, name)).isFile()).sort().map((name) => join(folder, name))
}

/** @returns mutants `{ id, fileName, location, mutatorName, replacement }` and the text of the module */
export async function bundleMutants({ root, sources, tests, out }) {
  const files = sources.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }))
  const { files: changed, mutants } = await new Instrumenter(quiet).instrument(files, { plugins: null, excludedMutations: [], ignorers: [], noHeader: false })
  const contentOf = new Map(changed.map(({ name, content }) => [name, content]))
  const shim = join(root, 'scripts/mutation/shim.mjs')
  const entry = [...tests.map((test) => `import ${JSON.stringify(test)}`), `export { collect } from ${JSON.stringify(shim)}`].join('\n')
  const plugin = {
    name: 'mutants',
    setup(bundler) {
      bundler.onResolve({ filter: /^vitest$/ }, () => ({ path: shim }))
      // Other people's packages are loaded once and stay as they are; ours are bundled from their sources.
      bundler.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === 'resolved' || kind === 'entry-point' || path.startsWith('node:') || path.startsWith('#') || path.startsWith('@cabut/')) return undefined
        const found = await bundler.resolve(path, { kind, resolveDir, pluginData: 'resolved' })
        return found.errors.length > 0 ? { errors: found.errors } : { path: found.external ? path : pathToFileURL(found.path).href, external: true }
      })
      bundler.onLoad({ filter: /\.[mc]?[jt]s$/ }, ({ path }) => ({
        contents: (contentOf.get(path) ?? readFileSync(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: /ts$/.test(path) ? 'ts' : 'js', resolveDir: dirname(path),
      }))
    },
  }
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'js' }, bundle: true, write: false, outfile: out, format: 'esm', platform: 'node', target: 'node20',
    conditions: ['@cabut/source', 'module'], plugins: [plugin], ignoreAnnotations: true, logLevel: 'error', keepNames: true,
  })
  return {
    text: outputFiles[0].text,
    mutants: mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({ id, fileName: relative(root, fileName), location, mutatorName, replacement })),
  }
}
