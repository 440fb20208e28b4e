// The report page in real Chromium, at the width of a telephone and of a desk: nothing overflows, the words are there, every chart has bars,
// no request leaves the page, and it looks like the reviewed picture (a coarse grid of brightness, with room for other fonts).
// `node scripts/report-page.mjs [--update]`; the pictures are left in .cache/report-page. Without Chromium it says SKIP and exits with 77.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const update = process.argv.includes('--update')
const baseline = join(root, 'packages/cli/test/report-page.json')
const pictures = join(root, '.cache/report-page')
const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => spawnSync(name, ['--version']).status === 0)
if (chromium === undefined) {
  console.log('SKIP: no chromium; the report page was not looked at')
  process.exit(77)
}
mkdirSync(pictures, { recursive: true })
const made = spawnSync(process.execPath, [
  'node_modules/tsx/dist/cli.mjs', '--conditions=@cabut/source', 'packages/cli/src/bin.ts',
  'report', '--sample', '300', '--period', '2026-Q3', '--as-of', '2026-10-14T00:00:00Z', '--out', pictures, '--format', 'html', '--json',
], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
if (made.status !== 0) throw new Error(made.stderr)
const [page] = JSON.parse(made.stdout).files

const profile = mkdtempSync(join(tmpdir(), 'cabut-chromium-'))
const browser = spawn(chromium, [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--hide-scrollbars', '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank',
], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
const waiting = new Map()
const heard = []
let rest = ''
let number = 0
browser.stdio[4].setEncoding('utf8').on('data', (chunk) => {
  const parts = (rest + chunk).split('\0')
  rest = parts.pop()
  for (const part of parts) {
    const message = JSON.parse(part)
    if (message.id === undefined) { heard.push(message); continue }
    const { done, failed } = waiting.get(message.id)
    if (message.error === undefined) done(message.result)
    else failed(new Error(message.error.message))
  }
})
const send = (method, params = {}, sessionId) => new Promise((done, failed) => {
  number += 1
  waiting.set(number, { done, failed })
  browser.stdio[3].write(`${JSON.stringify({ id: number, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
})

const problems = []
const must = (fact, text) => { if (!fact) problems.push(text) }
const reviewed = update ? {} : JSON.parse(readFileSync(baseline, 'utf8'))
const seen = {}
try {
  const { targetInfos } = await send('Target.getTargets')
  const { sessionId } = await send('Target.attachToTarget', { targetId: targetInfos.find(({ type }) => type === 'page').targetId, flatten: true })
  const tab = (method, params) => send(method, params, sessionId)
  const evaluate = async (expression) => (await tab('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })).result.value
  await tab('Page.enable')
  await tab('Network.enable')
  const open = async (url) => {
    await tab('Page.navigate', { url })
    for (let tries = 0; tries < 200 && !(await evaluate(`document.readyState === 'complete' && location.href === ${JSON.stringify(url)}`)); tries += 1) await new Promise((done) => setTimeout(done, 50))
  }
  for (const [name, width] of [['telephone', 360], ['desk', 1100]]) {
    await tab('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: width < 500 })
    await open(pathToFileURL(page).href)
    const facts = await evaluate(`(() => {
      const shown = [...document.querySelectorAll('svg')].filter((one) => one.getBoundingClientRect().width > 0)
      const texts = shown.flatMap((one) => [...one.querySelectorAll('text')].map((text) => [text.getBoundingClientRect(), one.getBoundingClientRect(), parseFloat(getComputedStyle(text).fontSize) * one.getBoundingClientRect().width / one.viewBox.baseVal.width]))
      return {
        width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight, text: document.body.innerText,
        charts: shown.map((one) => [...one.querySelectorAll('path')].filter((path) => path.getBoundingClientRect().width > 3 && path.getAttribute('fill') !== 'none').length),
        cut: texts.filter(([text, frame]) => text.left < frame.left - 1 || text.right > frame.right + 1).length, smallest: Math.min(...texts.map(([, , size]) => size)),
        wide: [...document.querySelectorAll('main *')].filter((one) => one.closest('.scroll') === null && one.getBoundingClientRect().right > innerWidth + 1).length,
      }
    })()`)
    must(facts.width <= width, `${name}: the page is ${facts.width} px wide`)
    must(facts.wide === 0, `${name}: ${facts.wide} elements reach over the edge`)
    for (const words of ['Laporan evaluasi', '1 Juli 2026 sampai 30 September 2026', 'Menurut OPD', 'Permohonan terlambat', 'Pengaduan', 'Survei kepuasan masyarakat', 'Sidik riwayat']) must(facts.text.includes(words), `${name}: "${words}" is missing`)
    must(facts.charts.length === 5 && facts.charts.every((bars) => bars > 1), `${name}: charts with bars: ${facts.charts.join(', ')}`)
    must(facts.cut === 0, `${name}: ${facts.cut} labels are cut`)
    must(facts.smallest >= 11, `${name}: chart text of ${facts.smallest.toFixed(1)} px`)
    await tab('Emulation.setDeviceMetricsOverride', { width, height: facts.height, deviceScaleFactor: 1, mobile: width < 500 })
    const { data } = await tab('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })
    writeFileSync(join(pictures, `${name}.png`), Buffer.from(data, 'base64'))
    await open('about:blank')
    const rows = 64
    const grid = await evaluate(`(async () => {
      const image = new Image(); image.src = 'data:image/png;base64,${data}'; await image.decode()
      const canvas = document.createElement('canvas'); canvas.width = 24; canvas.height = ${rows}
      const brush = canvas.getContext('2d'); brush.imageSmoothingQuality = 'high'; brush.drawImage(image, 0, 0, 24, ${rows})
      const { data } = brush.getImageData(0, 0, 24, ${rows})
      return Array.from({ length: 24 * ${rows} }, (_, at) => Math.round((data[at * 4] * 3 + data[at * 4 + 1] * 6 + data[at * 4 + 2]) / 10))
    })()`)
    seen[name] = { height: facts.height, grid }
    const before = reviewed[name]
    if (before !== undefined) {
      const difference = grid.reduce((sum, one, at) => sum + Math.abs(one - before.grid[at]), 0) / grid.length
      console.log(`${name}: ${width} x ${facts.height} px, ${facts.charts.length} charts, mean difference ${difference.toFixed(2)} of 255`)
      must(Math.abs(facts.height / before.height - 1) < 0.15, `${name}: ${facts.height} px high, reviewed at ${before.height}`)
      must(difference < 14, `${name}: looks different (${difference.toFixed(1)} of 255); look at ${join(pictures, `${name}.png`)}, then --update`)
    }
  }
  const asked = heard.filter(({ method }) => method === 'Network.requestWillBeSent').map(({ params }) => params.request.url)
  must(asked.every((url) => /^(?:file|data|about):/.test(url)), `the page asked for ${asked.filter((url) => !/^(?:file|data|about):/.test(url)).join(', ')}`)
} finally {
  await send('Browser.close').catch(() => browser.kill())
  await new Promise((done) => (browser.exitCode === null ? browser.once('exit', done) : done()))
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
}
if (update) writeFileSync(baseline, `${JSON.stringify(seen)}\n`)
for (const problem of problems) console.error(`report page: ${problem}`)
console.log(problems.length === 0 ? `report page: looked at in ${chromium}, nothing to complain of` : `report page: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
