// The browser lane: @cabut/pki and receipt verification, built, bundled for browsers and run in real Chromium, must answer as in Node.
// Also prints how large the bundles are. `--source` bundles the sources instead of the builds. Without Chromium it says SKIP and exits with 77.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { expected } from '../test/browser/expected.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)
// esbuild comes with tsup; it is no dependency of our own.
const esbuild = createRequire(require.resolve('tsup'))('esbuild')
const folder = join(root, '.cache', 'browser')
const fromSource = process.argv.includes('--source')
mkdirSync(folder, { recursive: true })

function step(title, args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`browser: ${title} failed`)
    process.exit(1)
  }
}

async function bundle(platform, input) {
  const { outputFiles } = await esbuild.build({
    ...input, bundle: true, write: false, format: 'esm', platform, target: 'es2022', minify: true, treeShaking: true, absWorkingDir: root, legalComments: 'none', logLevel: 'error',
    conditions: [...(fromSource ? ['@cabut/source'] : []), ...(platform === 'browser' ? ['browser'] : [])],
  })
  return Buffer.from(outputFiles[0].contents)
}

const parts = {
  'names': "export { parseName, readName, formatName, namesMatch, explainDifference } from '@cabut/pki/name'",
  'names, CRL, OCSP': "export { parseName, formatName, namesMatch } from '@cabut/pki/name'\nexport { readCertificate } from '@cabut/pki/certificate'\nexport { readCrl, judgeCrl } from '@cabut/pki/crl'\nexport { buildOcspRequest, readOcspResponse, judgeOcsp } from '@cabut/pki/ocsp'",
  'checkStatus': "export { checkStatus } from '@cabut/pki/status'",
  'inspectLetter (with checkStatus)': "export { inspectLetter, judgeAuthorisation } from '@cabut/pki/letter'",
  'verifyReceipt (with zod)': "export { verifyReceipt } from '@cabut/sdk/receipt'",
}

async function sizes() {
  console.log(`\nbrowser bundles (${fromSource ? 'sources' : 'builds'}, minified)`.padEnd(58) + 'raw, B'.padStart(10) + 'brotli, B'.padStart(12))
  for (const [name, contents] of Object.entries(parts)) {
    const bytes = await bundle('browser', { stdin: { contents, resolveDir: root } })
    console.log(`  ${name.padEnd(54)} ${String(bytes.length).padStart(10)} ${String(brotliCompressSync(bytes).length).padStart(11)}`)
  }
}

/** Serves three files from memory on loopback. */
async function serve(files) {
  const server = createServer((request, response) => {
    const file = files[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain', 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" })
    response.end(file?.body)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) }
}

async function inChromium(executablePath, script, fixtures) {
  const { chromium } = require('playwright-core')
  const page = "<!doctype html><meta charset=utf-8><title>cabut</title><script type=module src=/cases.js></script>"
  const starter = Buffer.from(`${script.toString()}\n`)
  const server = await serve({
    '/': { type: 'text/html', body: page }, '/cases.js': { type: 'text/javascript', body: starter }, '/fixtures.json': { type: 'application/json', body: fixtures },
  })
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  try {
    const tab = await browser.newPage()
    const requests = []
    const faults = []
    tab.on('request', (request) => requests.push(request.url()))
    tab.on('pageerror', (error) => faults.push(String(error)))
    await tab.goto(server.url)
    const run = await tab.evaluate(async () => {
      const { runCases } = await import('/cases.js')
      return runCases(await (await fetch('/fixtures.json')).json())
    })
    const elsewhere = requests.filter((url) => !url.startsWith(server.url) || !/\/(?:cases\.js|fixtures\.json|favicon\.ico)?$/.test(url))
    return { run, version: browser.version(), faults, elsewhere }
  } finally {
    await browser.close()
    await server.close()
  }
}

if (!fromSource) step('building', ['scripts/build.mjs', '--if-needed'])
await sizes()
const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
const file = join(folder, 'fixtures.json')
step('making fixtures', [require.resolve('tsx/cli'), '--conditions=@cabut/source', 'test/browser/fixtures.ts', file])
const fixtures = readFileSync(file)
const cases = { entryPoints: [join(root, 'test/browser/cases.ts')] }
const nodeFile = join(folder, 'cases.mjs')
writeFileSync(nodeFile, await bundle('node', cases))
const node = await (await import(`${pathToFileURL(nodeFile)}?${Date.now()}`)).runCases(JSON.parse(fixtures.toString()))
if (executable === undefined) {
  console.log('\nSKIP: chromium is not installed; the cases ran in Node only')
}
const chrome = executable === undefined ? undefined : await inChromium(executable, await bundle('browser', cases), fixtures)

let wrong = 0
console.log(`\n${'case'.padEnd(40)}${'Node, ms'.padStart(10)}${chrome === undefined ? '' : 'Chromium, ms'.padStart(14)}`)
for (const name of new Set([...Object.keys(expected), ...Object.keys(node.answers)])) {
  const answer = node.answers[name]
  let verdict = 'ok'
  try {
    if (expected[name]?.(answer) !== true) verdict = `WRONG in Node: ${JSON.stringify(answer)?.slice(0, 400)}`
    else if (chrome !== undefined && !isDeepStrictEqual(answer, chrome.run.answers[name])) verdict = `DIFFERS in Chromium: ${JSON.stringify(chrome.run.answers[name])?.slice(0, 400)}`
  } catch (error) {
    verdict = `WRONG: ${error.message} ${JSON.stringify(answer)?.slice(0, 400)}`
  }
  if (verdict !== 'ok') wrong++
  console.log(`${name.padEnd(40)}${node.milliseconds[name]?.toFixed(1).padStart(10) ?? '-'}${chrome === undefined ? '' : (chrome.run.milliseconds[name]?.toFixed(1) ?? '-').padStart(14)}  ${verdict}`)
}
if (chrome !== undefined) {
  for (const fault of chrome.faults) console.log(`page error: ${fault}`)
  for (const url of chrome.elsewhere) console.log(`unexpected request: ${url}`)
  wrong += chrome.faults.length + chrome.elsewhere.length
  console.log(`Chromium ${chrome.version}: ${Object.keys(expected).length - wrong} of ${Object.keys(expected).length} cases as in Node`)
}
// 77: right as far as it went, but skipped.
process.exitCode = wrong > 0 ? 1 : chrome === undefined ? 77 : 0
