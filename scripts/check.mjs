// `npm run check`: the gates beside the tests, two at a time. Each gate runs even when another failed; what it printed comes when it ends, then a table.
// `npm run check -- NAME...` runs those alone (with what they need). Each is proven able to fail by scripts/gates-can-fail.mjs.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { gates } from './gates/gates.mjs'
import { root } from './gates/repository.mjs'

function run([name, title, args]) {
  return new Promise((resolve) => {
    if (args[0].startsWith('scripts/') && !existsSync(join(root, args[0]))) throw new Error(`missing ${args[0]}`)
    const started = performance.now()
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const out = []
    child.stdout.on('data', (piece) => out.push(piece))
    child.stderr.on('data', (piece) => out.push(piece))
    child.on('close', (code) => {
      const seconds = (performance.now() - started) / 1000
      // 77: what it needs is not here, and it has said what.
      const verdict = code === 0 ? 'ok' : code === 77 ? 'skipped' : 'FAILED'
      console.log(`\n== ${name}: ${title}\n${Buffer.concat(out).toString().trimEnd()}\n== ${name}: ${verdict} (${seconds.toFixed(1)} s)`)
      resolve({ name, title, verdict, seconds })
    })
  })
}

const asked = process.argv.slice(2)
for (const name of asked) if (!gates.some(([one]) => one === name)) throw new TypeError(`no gate ${name}; there are ${gates.map(([one]) => one).join(', ')}`)
const waiting = gates.filter(([name]) => asked.length === 0 || asked.includes(name))
const ended = new Map()
const started = performance.now()
async function worker() {
  for (;;) {
    const index = waiting.findIndex(([, , , after]) => after === undefined || ended.has(after) || !gates.some(([name]) => name === after && (waiting.some(([one]) => one === name) || running.has(name))))
    if (index < 0) {
      if (waiting.length === 0) return
      await Promise.race(running.values())
      continue
    }
    const [one] = waiting.splice(index, 1)
    const going = run(one).then((row) => { ended.set(one[0], row); running.delete(one[0]) })
    running.set(one[0], going)
    await going
  }
}
const running = new Map()
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))

const rows = gates.map(([name]) => ended.get(name)).filter(Boolean)
console.log(`\n${rows.map(({ name, title, verdict, seconds }) => `${verdict.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${name}: ${title}`).join('\n')}`)
const failed = rows.filter(({ verdict }) => verdict === 'FAILED')
console.log(`check: ${rows.filter(({ verdict }) => verdict === 'ok').length} of ${rows.length} gates passed, ${rows.filter(({ verdict }) => verdict === 'skipped').length} skipped, in ${((performance.now() - started) / 1000).toFixed(0)} s${failed.length > 0 ? `; FAILED: ${failed.map(({ name }) => name).join(', ')}` : ''}`)
process.exitCode = failed.length === 0 ? 0 : 1
