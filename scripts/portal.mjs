// `npm run portal`: the reference portal on loopback, from the sources, with everything it needs. Ctrl-C ends it and keeps its data.
import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
// Called by npm alone: a package manager in between would end at Ctrl-C before the portal has closed its directory.
const { status } = spawnSync('npx', ['--yes', 'pnpm@10.34.9', 'install', '--frozen-lockfile', '--silent'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)
const tsx = createRequire(import.meta.url).resolve('tsx')
const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', tsx, join(root, 'examples/portal/main.ts')], { cwd: root, stdio: 'inherit' })
// A terminal sends Ctrl-C to both; whoever stops only this script by its id is passed on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => { process.exitCode = signal === null ? code ?? 1 : 1 })
