// How many octets each entry brings into a page or a program of a user: bundled with what it imports, minified, brotli. Compared with the budget
// in size-budget.json; `--write` writes the budget anew (today's size and a twelfth). A budget nobody needs any more is an error too.
import { build } from 'esbuild'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { packages, root, verdict } from './repository.mjs'

const budgetFile = join(root, 'scripts', 'gates', 'size-budget.json')
const budget = existsSync(budgetFile) ? JSON.parse(readFileSync(budgetFile, 'utf8')) : {}
const problems = []
const sizes = {}

/** Packages with entries for Node alone are bundled without what only a server has. */
const external = { '@cabut/postgres': ['@electric-sql/pglite', 'pg'], '@cabut/sandbox': ['msw', 'pdf-lib', '@peculiar/x509', 'reflect-metadata', 'zod'] }
for (const { manifest, folder } of packages) {
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target !== 'object') continue
    const specifier = manifest.name + subpath.slice(1)
    const forNode = ['@cabut/postgres', '@cabut/sandbox', '@cabut/spbe', '@cabut/srikandi'].includes(manifest.name)
    const { outputFiles } = await build({
      entryPoints: [join(folder, target.import.default)], bundle: true, write: false, format: 'esm', platform: forNode ? 'node' : 'browser', target: 'es2022', minify: true, legalComments: 'none', logLevel: 'error',
      external: ['node:*', 'echarts', 'unpdf', 'pdf-lib', 'nodemailer', ...(external[manifest.name] ?? [])],
    })
    sizes[specifier] = brotliCompressSync(outputFiles[0].contents).length
  }
}
if (process.argv.includes('--write')) writeFileSync(budgetFile, `${JSON.stringify(Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, Math.ceil((size * 13) / 12 / 100) * 100])), null, 2)}\n`)
const limits = process.argv.includes('--write') ? JSON.parse(readFileSync(budgetFile, 'utf8')) : budget
for (const [name, size] of Object.entries(sizes)) {
  console.log(`  ${name.padEnd(28)} ${String(size).padStart(8)} of ${String(limits[name] ?? '?').padStart(8)}`)
  if (limits[name] === undefined) problems.push(`${name} has no budget in scripts/gates/size-budget.json`)
  else if (size > limits[name]) problems.push(`${name} is ${size} octets, its budget is ${limits[name]}: find what grew, or raise the budget and say why`)
}
for (const name of Object.keys(limits)) if (sizes[name] === undefined) problems.push(`${name} has a budget, but is no entry`)
verdict('size', problems, `${Object.keys(sizes).length} entries within their budgets (minified, brotli)`)
