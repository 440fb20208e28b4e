import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { libraryBuild, sourceEntries } from '../../tsup.shared.ts'

/*
 * Loading a module costs Node about a millisecond, whatever is in it, and splitting by ten subpaths would make sixteen of them. So the code is built for few
 * entries (everything, letters, timestamps, what differs by platform), and every other subpath is a facade that names its own exports out of the first. Bundlers see
 * through a facade, since nothing here has side effects. Types are built for every subpath.
 */
const sources = sourceEntries()
const isFacade = (name: string): boolean => name.endsWith('/index') && name !== 'letter/index' && name !== 'timestamp/index'

interface Bundler {
  readonly build: (options: object) => Promise<{ readonly metafile: { readonly outputs: Readonly<Record<string, { readonly entryPoint?: string; readonly exports: readonly string[] }>> } }>
}

/** The names a source exports, by the bundler's own account. */
async function exportsOf(entryPoints: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { build } = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild') as Bundler
  const { metafile } = await build({ entryPoints, bundle: true, write: false, metafile: true, format: 'esm', platform: 'neutral', outdir: 'unused', external: ['#*', 'node:*'], logLevel: 'silent' })
  return new Map(Object.values(metafile.outputs).map(({ entryPoint = '', exports }) => [entryPoint, [...exports].sort()]))
}

async function writeFacades(): Promise<void> {
  const facades = Object.entries(sources).filter(([name]) => isFacade(name))
  const names = await exportsOf(['src/index.ts', ...facades.map(([, path]) => path)])
  const all = new Set(names.get('src/index.ts'))
  for (const [name, path] of facades) {
    const own = names.get(path) ?? []
    const missing = own.filter((one) => !all.has(one))
    if (own.length === 0 || missing.length > 0) throw new Error(`${path} exports ${missing.join(', ') || 'nothing'}: src/index.ts must export it too`)
    const file = join('dist', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.js`, `export { ${own.join(', ')} } from '../index.js'\n`)
    // In this form tools that read CommonJS without running it find the names.
    writeFileSync(`${file}.cjs`, `'use strict'\nconst { ${own.join(', ')} } = require('../index.cjs')\nmodule.exports = { ${own.join(', ')} }\n`)
  }
}

export default libraryBuild({
  entry: Object.fromEntries(Object.entries(sources).filter(([name]) => !isFacade(name))),
  onSuccess: writeFacades,
})
