// The portal lane: real Chromium walks both service standards through the pages, from filing to receipt, with officers, AMS by hand, survey and complaints.
// Every page is looked at by axe, at telephone and desk width; no console error, no page error, no report of the Content-Security-Policy.
// Pictures stay in .cache/portal-walk; `--picture` renews docs/portal.png. `--only STANDARD|sso` walks one part. Exit 77: no Chromium.
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { components, pekalongan } from './portal-walk/pekalongan.mjs'
import { purbalingga } from './portal-walk/purbalingga.mjs'
import { singleSignOn } from './portal-walk/single-sign-on.mjs'
import { browser, check, ends, faults, looked, person, pictures, root, startPortal, tally, waiting } from './portal-walk/stage.mjs'
import { publicPages } from './portal-walk/visitor.mjs'
import { startServer } from '../packages/postgres/bench/server.mjs'

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const walks = [
  ['kabupaten-purbalingga', 'assisted', [publicPages, purbalingga]],
  ['kota-pekalongan', 'http', [pekalongan, components]],
].filter(([standard]) => only === undefined || only === standard)

async function build() {
  const child = spawn(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: root, stdio: 'inherit' })
  check('build', await new Promise((done) => child.once('exit', done)) === 0)
}

function elementsSize() {
  const path = join(root, 'packages/spbe-elements/dist/cabut-elements.min.js')
  const size = brotliCompressSync(readFileSync(path)).length
  console.log(`cabut-elements.min.js: ${statSync(path).size} B, ${size} B brotli`)
  check('components: under 40 kB brotli', size < 40_000, size)
}

// One standard on PGlite, the other on PostgreSQL.
const server = startServer()
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries; both standards are walked on PGlite')
const onPostgres = server === undefined ? {} : { CABUT_DATABASE_URL: `postgres://${server.user}@localhost/postgres?host=${encodeURIComponent(server.socket)}` }

async function walkThrough([standard, ams, parts]) {
  const portal = await startPortal(standard, ams, standard === 'kota-pekalongan' ? onPostgres : {})
  for (const part of parts) {
    const from = performance.now()
    try {
      await ends(part(portal), 900, 'the walk')
    } catch (error) {
      check(`${standard}, ${part.name}: walked to the end`, false, `${waiting()}\n${error.stack}`)
      for (const context of browser.contexts()) for (const [at, tab] of context.pages().entries()) await tab.screenshot({ path: join(pictures, `FAILED-${standard}-${at}.png`), fullPage: true, timeout: 30_000 }).catch(() => {})
    }
    await ends(Promise.all(browser.contexts().map((context) => context.close())), 60, 'the tabs close').catch((error) => check(`${standard}, ${part.name}`, false, error))
    console.log(`  ${part.name}: ${((performance.now() - from) / 1000).toFixed(0)} s`)
  }
  check(`${standard}: ends on Ctrl-C`, await portal.stop() === 0, portal.output())
  check(`${standard}: no error in the portal's own output`, !/error/i.test(portal.output()), portal.output())
}

try {
  if (!process.argv.includes('--no-build')) await build()
  elementsSize()
  for (const walk of walks) await walkThrough(walk)
  if (only === undefined || only === 'sso') await singleSignOn()
  // What was closed opens again with everything in it.
  if (walks.some(([standard]) => standard === 'kota-pekalongan')) {
    const again = await startPortal('kota-pekalongan', 'http', onPostgres)
    const owner = await person(again, 'Ratna Pertiwi')
    await owner.go('/permohonan?selesai=1')
    check('the directory reopens', await owner.tab.locator('tbody tr').count() === 1)
    await owner.close()
    check('ends on Ctrl-C again', await again.stop() === 0)
  }
} finally {
  await ends(browser.close(), 60, 'the browser closes').catch((error) => check('browser', false, error))
  server?.stop()
}
check('no console error, page error, CSP report or request elsewhere', faults.length === 0, faults.join('\n'))
console.log(`\n${looked.size} pages looked at, pictures in .cache/portal-walk/pictures`)
console.log(`${tally.passed} checks passed, ${tally.failed} failed`)
process.exitCode = tally.failed === 0 ? 0 : 1
