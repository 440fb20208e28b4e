// Runs the public conformance suites on the sources; see packages/pki/conformance/run.ts.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const tsx = createRequire(import.meta.url).resolve('tsx/cli')
const { status } = spawnSync(process.execPath, [tsx, '--conditions=@cabut/source', 'packages/pki/conformance/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
