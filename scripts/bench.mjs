// npm run bench [-- <name> [options]]: builds, then runs one bench with its options, or all of them one after another. With `--write` the page
// docs/bench-*.md is written anew, and its numbers are added to docs/bench-history.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { recordBench } from './bench-history.mjs'

/** Where a bench is called otherwise than its package. */
const named = { postgres: 'desk' }
const benches = Object.fromEntries(readdirSync('packages').filter((name) => existsSync(`packages/${name}/bench/run.mjs`)).map((name) => [named[name] ?? name, `packages/${name}/bench/run.mjs`]))
if (existsSync('examples/bench-portal/run.mjs')) benches['portal'] = 'examples/bench-portal/run.mjs'
const [name, ...options] = process.argv.slice(2)
const known = Object.keys(benches).sort()
if (name !== undefined && benches[name] === undefined) {
  console.error(`usage: npm run bench [-- NAME [options]]; benches: ${known.join(', ')}; without a name all of them`)
  process.exit(2)
}
const run = (...command) => spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1
const built = run('scripts/build.mjs', '--if-needed')
if (built !== 0) process.exit(built)
const failed = []
const chosen = name === undefined ? known : [name]
for (const one of chosen) {
  if (chosen.length > 1) console.log(`\n== bench: ${one}`)
  if (run(benches[one], ...options) !== 0) failed.push(one)
  else if (options.includes('--write')) recordBench(one)
}
if (chosen.length > 1) console.log(`\nbench: ${chosen.length - failed.length} of ${chosen.length} ran: ${chosen.join(', ')}${failed.length === 0 ? '' : `; failed: ${failed.join(', ')}`}`)
process.exitCode = failed.length === 0 ? 0 : 1
