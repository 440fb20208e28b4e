import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Bundles the worker from the sources into one file: a process of it is ready in a third of a second, so hundreds can be killed. */
export async function bundleWorker(): Promise<string> {
  const outDir = join(root, 'node_modules/.cache/races')
  mkdirSync(outDir, { recursive: true })
  await build({
    config: false, entry: { worker: join(root, 'test/races/worker.ts') }, outDir, format: 'esm', target: 'node20', platform: 'node', silent: true, dts: false, clean: false, splitting: false,
    noExternal: [/^(?!@electric-sql\/pglite$|pg$)/], external: ['@electric-sql/pglite', 'pg'], outExtension: () => ({ js: '.mjs' }),
    esbuildOptions(options) { options.conditions = ['@cabut/source', 'node'] },
    banner: { js: `import { createRequire as cabutRequire } from 'node:module'; const require = cabutRequire(import.meta.url);` },
  })
  return join(outDir, 'worker.mjs')
}
