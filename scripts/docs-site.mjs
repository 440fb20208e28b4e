// The documentation lane: links in the repository and on the built site, then real Chromium reads the site at telephone and desk width, light and dark:
// no console error, no page error, no request elsewhere, nothing wider than the screen, the search finds. Pictures in .cache/docs/pictures.
// Builds the site first where something changed (`--as-built` looks at the one that is there). `--prove` breaks one thing of each kind and expects it to be noticed. Exit 77: no Chromium, the rest held.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pagesOf } from './docs/blocks.mjs'
import { brokenInFiles, brokenOnSite } from './docs/links.mjs'
import { groups } from '../docs/.vitepress/pages.mjs'
import { numbersWithoutSource } from './docs/numbers.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, '.cache/docs/dist')
const pictures = join(root, '.cache/docs/pictures')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.txt': 'text/plain', '.woff2': 'font/woff2' }

async function serve(folder) {
  const server = createServer((request, response) => {
    let path = join(folder, decodeURIComponent((request.url ?? '/').split(/[?#]/)[0]))
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, 'index.html')
    if (!existsSync(path) && existsSync(`${path}.html`)) path = `${path}.html`
    const found = existsSync(path)
    response.writeHead(found ? 200 : 404, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
    response.end(found ? readFileSync(path) : readFileSync(join(folder, '404.html')))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => { server.close(done); server.closeAllConnections() }) }
}

/** Reads pages in Chromium; gives what is wrong with them. */
async function look(executablePath, folder, addresses, { pictureOf = () => false } = {}) {
  const { chromium } = createRequire(import.meta.url)('playwright-core')
  const problems = []
  const server = await serve(folder)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
  let looked = 0
  try {
    for (const [name, width, height, colorScheme] of [['desk', 1280, 860, 'light'], ['phone', 360, 740, 'dark']]) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'id-ID' })
      const tab = await context.newPage()
      let at = ''
      tab.on('pageerror', (error) => problems.push(`${name} ${at}: ${error}`))
      tab.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') problems.push(`${name} ${at}: ${message.text()}`) })
      tab.on('request', (request) => { if (!request.url().startsWith(server.url) && !/^(?:data|blob):/.test(request.url())) problems.push(`${name} ${at}: request elsewhere: ${request.url()}`) })
      for (const address of addresses) {
        at = address
        await tab.goto(server.url + address, { waitUntil: 'load' })
        await tab.waitForSelector('h1')
        const { over, title, language } = await tab.evaluate(() => ({ over: document.documentElement.scrollWidth - innerWidth, title: document.querySelector('h1')?.textContent ?? '', language: document.documentElement.lang }))
        if (over > 1) problems.push(`${name} ${address}: ${over} pixels wider than the screen`)
        if (title.trim() === '') problems.push(`${name} ${address}: no heading`)
        if (language !== (address.startsWith('/en/') ? 'en' : 'id')) problems.push(`${name} ${address}: lang is "${language}"`)
        if (pictureOf(address)) await tab.screenshot({ path: join(pictures, `${name}${address.replace(/\W+/g, '-')}.png`) })
        looked += 1
      }
      await context.close()
    }
    if (addresses.includes('/start')) {
      const tab = await browser.newPage()
      await tab.goto(`${server.url}/start`, { waitUntil: 'load' })
      // A key pressed before the page has come to life is lost.
      await tab.waitForFunction(() => document.querySelector('#app')?.__vue_app__ !== undefined)
      await tab.keyboard.press('Control+k')
      await tab.waitForSelector('.VPLocalSearchBox input')
      await tab.fill('.VPLocalSearchBox input', 'menunggu bukti')
      await tab.waitForSelector('.VPLocalSearchBox .result', { timeout: 30_000 }).catch(() => problems.push('the search finds nothing for "menunggu bukti"'))
    }
    return { problems, looked, version: browser.version() }
  } finally {
    await browser.close()
    await server.close()
  }
}

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

async function check() {
  const problems = []
  const inFiles = brokenInFiles(root, pagesOf(root))
  console.log(`links: ${inFiles.links} between files`)
  problems.push(...inFiles.problems, ...numbersWithoutSource(root))
  // Where the demo has run here, its picture must be of it.
  if (existsSync(join(root, '.cache/demo/kabupaten-purbalingga')) && spawnSync(process.execPath, ['scripts/timeline.mjs', '--check'], { cwd: root, stdio: 'inherit' }).status !== 0) problems.push('docs/timeline.svg is not what the demo did')
  const built = process.argv.includes('--as-built') ? 0 : spawnSync(process.execPath, ['scripts/docs.mjs', '--if-needed'], { cwd: root, stdio: 'inherit' }).status
  if (built !== 0) return [...problems, 'the site does not build']
  const onSite = brokenOnSite(dist)
  console.log(`links: ${onSite.links} on ${onSite.pages} pages of the site`)
  problems.push(...onSite.problems)
  if (executablePath === undefined) return problems
  rmSync(pictures, { recursive: true, force: true })
  mkdirSync(pictures, { recursive: true })
  const slugs = groups.flatMap(({ pages }) => pages.map(([slug]) => slug))
  const addresses = ['/', '/en/', ...slugs.map((slug) => `/${slug}`), ...slugs.map((slug) => `/en/${slug}`), '/contract/ams', '/en/contract/spbe', '/bench/pki', '/project/divergences', '/en/project/workflow', '/en/reference/']
  const { problems: seen, looked, version } = await look(executablePath, dist, addresses, { pictureOf: (address) => /^\/(?:en\/)?(?:$|start|guide\/officer|concept\/clock|scale|contract\/ams|audit|benchmarks|glossary)/.test(address) })
  console.log(`Chromium ${version}: ${looked} looks at ${addresses.length} pages; pictures in .cache/docs/pictures`)
  return [...problems, ...seen]
}

/** Each kind of fault, made on purpose, must be noticed. */
async function prove() {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-docs-'))
  writeFileSync(join(folder, 'page.md'), '# A\n\n[x](missing.md) [y](page.md#nowhere) [z](http://example.org)\n')
  const site = join(folder, 'site')
  mkdirSync(site)
  writeFileSync(join(site, '404.html'), '<h1>404</h1>')
  writeFileSync(join(site, 'index.html'), '<html lang="xx"><h1>A</h1><a href="/gone">x</a><a href="#none">y</a><img src="http://127.0.0.1:9/x.png"><div style="width:3000px">w</div><script>console.error("made on purpose"); throw new Error("made on purpose")</script>')
  const noticed = { 'broken links between files': brokenInFiles(folder, [join(folder, 'page.md')]).problems.length === 3, 'broken links on the site, a picture from elsewhere': brokenOnSite(site).problems.length === 3 }
  writeFileSync(join(folder, 'numbers.md'), '# A\n\nTakes 12 ms.\n\n# B\n\nDone in about 3 s.\n\n# C\n\n247 of 247 hold.\n\n# D\n\n3,000 lines.\n\n# E\n\n12 ms (`npm run bench`)\n')
  noticed['a number without its script'] = numbersWithoutSource(folder, [join(folder, 'numbers.md')]).length === 4
  if (executablePath !== undefined) {
    const { problems } = await look(executablePath, site, ['/'])
    for (const [what, pattern] of Object.entries({ 'console error': /made on purpose/, 'request elsewhere': /request elsewhere/, 'wider than the screen': /wider/, 'wrong language': /lang is/ })) noticed[`Chromium: ${what}`] = problems.some((one) => pattern.test(one))
  }
  rmSync(folder, { recursive: true })
  for (const [what, is] of Object.entries(noticed)) console.log(`${is ? 'noticed' : 'MISSED '} ${what}`)
  return Object.entries(noticed).filter(([, is]) => !is).map(([what]) => `not noticed: ${what}`)
}

const problems = await (process.argv.includes('--prove') ? prove() : check())
for (const problem of problems) console.error(`docs-site: ${problem}`)
console.log(problems.length === 0 ? (process.argv.includes('--prove') ? 'docs-site: every fault was noticed' : 'docs-site: every page holds') : `docs-site: ${problems.length} problem(s)`)
if (executablePath === undefined) console.log('SKIP: chromium is not installed; nobody looked at the site')
process.exitCode = problems.length > 0 ? 1 : executablePath === undefined ? 77 : 0
