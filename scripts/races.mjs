// `node scripts/races.mjs --races 500 --reopens 50 [--seed X]`: desks killed with -9 at random, on PostgreSQL and on a PGlite directory.
import { spawnSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--conditions', '@cabut/source', 'packages/postgres/test/races/run.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
