// What the walks through the portal stand on: a browser, portals of their own, people at it, and what is looked at.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
const require = createRequire(import.meta.url)
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
if (executablePath === undefined) {
  console.log('SKIP: chromium is not installed; nobody walked through the portal')
  process.exit(77)
}
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
export const folder = join(root, '.cache', 'portal-walk')
export const pictures = join(folder, 'pictures')
rmSync(folder, { recursive: true, force: true })
mkdirSync(pictures, { recursive: true })

export const tally = { passed: 0, failed: 0 }
export function check(title, holds, detail = '') {
  if (holds) { tally.passed++; return }
  tally.failed++
  console.log(`FAILED: ${title}${detail === '' ? '' : `\n  ${String(detail).slice(0, 1_500)}`}`)
}

/** Some things have no end of their own: a script in a page, a program that neither speaks nor ends. */
export function ends(promise, seconds, what) {
  let timer
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what}: not within ${seconds} s`)), seconds * 1_000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
/** How long a slow machine may take for one thing, in milliseconds. */
const PATIENCE = 90_000

/** Starts a portal on a free port with data of its own. */
export async function startPortal(standard, ams, more = {}) {
  const started = performance.now()
  const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', require.resolve('tsx'), join(root, 'examples/portal/main.ts')], {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CABUT_STANDARD: standard, CABUT_AMS: ams, CABUT_PORT: '0', CABUT_DATA: join(folder, `${standard}-${ams}`), CABUT_SANDBOX_DELAY: '1500', ...more },
  })
  let output = ''
  const exit = new Promise((done) => child.once('exit', (code) => done(code)))
  const stop = async () => {
    child.kill('SIGINT')
    return ends(exit, 60, 'the portal ends').catch(() => { child.kill('SIGKILL'); return exit })
  }
  const url = await ends(new Promise((done, fail) => {
    const take = (chunk) => {
      output += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)
      if (found !== null) done(found[0])
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    exit.then((code) => fail(new Error(`the portal ended with ${code}: ${output}`)))
  }), 180, 'the portal says where it is').catch(async (error) => { await stop(); throw error })
  console.log(`${standard}, AMS ${ams}: ready in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return { url, output: () => output, stop }
}

export const browser = await chromium.launch({
  executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
/** What no page may do, as it happened. */
export const faults = []
/** What Chromium prints about answers a walk asks for on purpose. By address and word, for the whole walk: a message may come later than the page. */
const expected = []
export const expectMessage = (address, words) => expected.push({ address, words })
/** Pages looked at. */
export const looked = new Set()

/** Requests begun and not ended, by tab: what a walk that came to a stop was waiting for. */
const pending = new Map()
export const waiting = () => [...pending].flatMap(([tab, requests]) => tab.isClosed() ? [] : [`${tab.url()} waits for: ${[...requests].map((one) => `${one.method()} ${one.url()}`).join(', ') || 'nothing'}`]).join('\n')

function watch(tab, portal) {
  const requests = new Set()
  pending.set(tab, requests)
  tab.on('request', (request) => requests.add(request))
  for (const end of ['requestfinished', 'requestfailed']) tab.on(end, (request) => requests.delete(request))
  tab.on('pageerror', (error) => faults.push(`${tab.url()}: ${error}`))
  tab.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    const address = message.location().url || tab.url()
    if (!expected.some((one) => one.address.test(address) && one.words.test(message.text()))) faults.push(`${address}: ${message.text()}`)
  })
  tab.on('request', (request) => {
    if (request.url().endsWith('/laporan-csp')) faults.push(`CSP report: ${request.postData() ?? ''}`)
    if (!request.url().startsWith(portal.url) && !/^(?:blob|data):/.test(request.url())) faults.push(`request elsewhere: ${request.url()}`)
  })
}

/** A person at a browser of their own. */
export async function person(portal, who, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'id-ID', timezoneId: 'Asia/Jakarta', acceptDownloads: true, ...options })
  context.setDefaultTimeout(PATIENCE)
  context.on('page', (tab) => watch(tab, portal))
  const tab = await context.newPage()
  const go = async (path) => {
    // A page that follows its request may have begun to draw itself anew in this very moment: of two ways the browser takes one, so ours is asked for again.
    // Mostly the browser says that the other way was taken; now and then it says nothing, and no request of ours was ever sent.
    for (let tries = 1; ; tries++) {
      try {
        await tab.goto(`${portal.url}${path}`, { waitUntil: 'load', timeout: 30_000 })
        return tab
      } catch (error) {
        const sent = [...pending.get(tab)].some((request) => request.isNavigationRequest())
        const overtaken = /interrupted by another navigation|net::ERR_ABORTED/.test(String(error)) || (/Timeout/.test(String(error)) && !sent)
        if (tries >= 8 || !overtaken) throw error
        // What overtook it is itself still on its way: asked for at once, the next would be overtaken too, by that or by this one.
        await pause(tries * 400)
        await tab.waitForLoadState('load').catch(() => {})
      }
    }
  }
  if (who !== undefined) {
    await go('/masuk')
    await tab.getByLabel(who, { exact: false }).first().check()
    await tab.getByRole('button', { name: 'Masuk', exact: true }).click()
    await tab.waitForURL(/\/permohonan/)
  }
  return { portal, tab, go, context, close: () => context.close() }
}

/**
 * A page that follows its request draws itself anew when something happens: under the eyes of who looks at it. So a twin of it is looked at, which learns
 * where the request stands once, and then nothing more.
 */
async function twinOf(tab) {
  const twin = await tab.context().newPage()
  let asked = 0
  let drawn = 0
  await twin.route(({ pathname }) => pathname.startsWith('/api/v1/'), (route) => {
    if (!route.request().url().endsWith('/live') && asked++ < 2) route.continue().catch(() => {})
  })
  // Nor does it draw itself anew for what happened since it was drawn.
  await twin.route(({ pathname }) => pathname.startsWith('/permohonan/'), (route) => {
    const again = route.request().isNavigationRequest() && drawn++ > 0
    const taken = again ? route.abort('aborted') : route.continue()
    taken.catch(() => {})
  })
  await twin.goto(tab.url(), { waitUntil: 'load' })
  await twin.locator('cabut-status .badge').waitFor()
  return twin
}

/** Whether the page of this address follows its request; the page itself may be about to be drawn anew. */
const followsRequest = (address) => /^\/permohonan\/(?!baru$|massal$)[^/]+$/.test(new URL(address).pathname)

/** Fills in what stands on a page that follows its request: once more where it was drawn anew before anything was touched. */
export async function fillIn(tab, fill) {
  for (let tries = 1; ; tries++) {
    await tab.waitForLoadState('load')
    const drawn = await tab.evaluate(() => performance.timeOrigin).catch(() => undefined)
    const failed = await fill().then(() => undefined, (error) => error)
    const now = await tab.waitForLoadState('load').then(() => tab.evaluate(() => performance.timeOrigin)).catch(() => undefined)
    if (failed === undefined && drawn !== undefined && drawn === now) return
    if (tries >= 5 || (failed !== undefined && drawn === now)) throw failed ?? new Error(`${tab.url()}: drawn anew again and again`)
  }
}

/** Presses what takes one elsewhere and may be pressed twice, on a page that follows its request: again, where the page was drawn anew under the hand. */
export async function press(button, arrived) {
  for (const end = performance.now() + PATIENCE; ;) {
    const failed = await button.click({ timeout: 10_000 }).then(() => arrived.waitFor({ timeout: 10_000 })).then(() => undefined, (error) => error)
    if (failed === undefined || await arrived.isVisible()) return
    if (performance.now() > end) throw failed
  }
}

/** Whether the page comes to say it. */
export const says = (tab, pattern) => tab.locator('main', { hasText: pattern }).waitFor().then(() => true, () => false)

/** Pictures at both widths, and axe in light and dark. */
export async function look(shown, name, within = undefined) {
  const follows = within === undefined && followsRequest(shown.url())
  const tab = follows ? await twinOf(shown) : shown
  for (const [width, size] of [[1280, 'meja'], [360, 'telepon']]) {
    await tab.setViewportSize({ width, height: width === 360 ? 740 : 900 })
    for (const colorScheme of ['light', 'dark']) {
      await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // Two frames: the colours are those of the scheme, the layout that of the width.
      await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      // A picture of another width may be on its way.
      await tab.evaluate(() => Promise.all(Array.from(document.images, (image) => image.decode().catch(() => {}))))
      await tab.screenshot({ path: join(pictures, `${name}-${size}${colorScheme === 'dark' ? '-gelap' : ''}.png`), fullPage: true })
      if (width === 360 && colorScheme === 'dark') continue
      // A foreign page's own faults are not ours, and its extended prototypes stop axe itself.
      await tab.evaluate(() => { delete Object.prototype.ekstend; delete Array.prototype.each })
      await tab.evaluate(axe)
      const { violations } = await tab.evaluate((part) => globalThis.axe.run(part ?? document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), within)
      check(`axe: ${name}, ${size}, ${colorScheme}`, violations.length === 0, violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`).join('\n'))
    }
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    check(`no sideways scrolling: ${name}, ${size}`, overflow <= 0, `${overflow} px`)
  }
  looked.add(name)
  if (follows) { await tab.close(); return }
  await tab.emulateMedia({ colorScheme: 'light' })
  await tab.setViewportSize({ width: 1280, height: 900 })
}

/** A file of the portal, as a file on disk. */
export async function file(portal, path) {
  const answer = await fetch(`${portal.url}${path}`, { signal: AbortSignal.timeout(PATIENCE) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  const target = join(folder, path.split('/').pop())
  writeFileSync(target, Buffer.from(await answer.arrayBuffer()))
  return target
}

export async function download(tab, name) {
  const [got] = await Promise.all([tab.waitForEvent('download'), tab.getByRole('link', { name }).click()])
  const target = join(folder, got.suggestedFilename())
  await got.saveAs(target)
  return target
}

/** What a page says outside its components. */
export const text = (tab) => tab.locator('main').innerText()
export const idOf = (tab) => /\/permohonan\/([^/?]+)/.exec(tab.url())?.[1]
/** A status as the server draws it. */
export const standing = (label) => new RegExp(`class="status"[^>]*>${label}<`)

/** Asks the portal, with the cookies of this person but past their browser, until the page has what is waited for; then goes there. */
export async function until(one, path, pattern) {
  for (const end = performance.now() + 2 * PATIENCE; ;) {
    const page = await (await one.context.request.get(`${one.portal.url}${path}`, { timeout: PATIENCE })).text()
    if (pattern.test(page)) { await one.go(path); return true }
    if (performance.now() > end) return false
    await pause(300)
  }
}
