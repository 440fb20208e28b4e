import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

interface Manifest { exports?: Record<string, unknown>; imports?: Record<string, unknown>; dependencies?: Record<string, string> }

/** One build setting for every package: the entry points are read from its `exports` map. */
export function libraryBuild(extra: Options = {}): ReturnType<typeof defineConfig> {
  const entry = sourceEntries()
  const declarations = process.env['CABUT_BUILD_DTS'] !== '0'
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'neutral',
    clean: true,
    treeshake: true,
    splitting: true,
    sourcemap: false,
    external: [/^#/, /^node:/],
    esbuildOptions(options) { options.conditions = ['@cabut/none'] },
    dts: declarations ? { entry, compilerOptions: { composite: false, customConditions: [], ignoreDeprecations: '6.0' } } : false,
    ...extra,
  })
}

/** The sources behind the subpaths of the package at hand, by their names without extension. */
export function sourceEntries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const entry: Record<string, string> = {}
  for (const target of [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.imports ?? {})]) collectSources(target, entry)
  return entry
}

function collectSources(target: unknown, entry: Record<string, string>): void {
  if (typeof target === 'string') {
    const match = /^\.\/src\/(.*)\.ts$/.exec(target)
    if (match?.[1] !== undefined) entry[match[1]] = target.slice(2)
  } else if (target !== null && typeof target === 'object') {
    for (const inner of Object.values(target)) collectSources(inner, entry)
  }
}
