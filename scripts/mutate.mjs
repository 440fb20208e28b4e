// Mutation testing: changes the code of a folder in small ways and asks whether a test notices.
// `node scripts/mutate.mjs workflow calendar ... [--floor 90] [--workers 2] [--minutes 30] [--fresh] [--survivors] [--show]`; keeps what it found in
// .cache/mutation, so a run that was interrupted, or ended after its `--minutes`, goes on where it was (`--fresh` begins anew; `--survivors` tries again only what was
// unnoticed, after tests were added). Writes scripts/mutation/results.json and
// docs/mutation.md; `--page` only writes the page. What survives must stand in scripts/mutation/explained with the reason (`{ file, what, into, mutator, text, why }`:
// `file` an ending of the path, `what` a part of the changed text, `text` a regular expression on its first line; the first that fits counts).
import { fork, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { transformSync } from 'esbuild'
import { bundleMutants, filesUnder } from './mutation/bundle.mjs'
import { folders } from './mutation/folders.mjs'
import { caught, page, scoreOf } from './mutation/page.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    floor: { type: 'string', default: '0' }, workers: { type: 'string', default: '2' }, fresh: { type: 'boolean', default: false }, survivors: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false }, minutes: { type: 'string' }, page: { type: 'boolean', default: false },
  },
})
const kept = join(root, 'scripts/mutation/results.json')
const readJson = (file, otherwise) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise)
const unknown = positionals.filter((name) => folders[name] === undefined)
if (unknown.length > 0 || (positionals.length === 0 && !values.page)) {
  console.error(`usage: node scripts/mutate.mjs FOLDER...; folders: ${Object.keys(folders).join(', ')}`)
  process.exit(2)
}
const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()
let low = 0
for (const name of positionals) {
  const result = await mutate(name)
  const score = scoreOf(result.files)
  console.log(`mutation of ${name}: ${result.mutants} mutants, ${result.tried} tried, ${result.survivors.length} unnoticed, score ${score.toFixed(2)} %`)
  if (score < Number(values.floor) || result.tried < result.mutants) low += 1
  writeFileSync(kept, `${JSON.stringify({ ...readJson(kept, {}), [name]: result }, null, 1)}\n`)
}
writeFileSync(join(root, 'docs/mutation.md'), page(readJson(kept, {}), readdirSync(join(root, 'scripts/mutation/explained')).sort().flatMap((file) => readJson(join(root, 'scripts/mutation/explained', file)))))
process.exitCode = low === 0 ? 0 : 1

async function mutate(name) {
  const { source, leave, tests, except, settings } = folders[name]
  const sources = filesUnder(join(root, source), /\.ts$/).filter((file) => !/\.(?:test|test-d)\.ts$/.test(file) && !leave.test(basename(file)))
  const judges = tests.flatMap(([folder, fits]) => filesUnder(join(root, folder), fits))
  const work = join(root, 'packages/sdk/node_modules/.cache/mutation', name.replace('/', '-'))
  mkdirSync(work, { recursive: true })
  const bundle = join(work, 'bundle.mjs')
  const { text, mutants } = await bundleMutants({ root, sources, tests: judges, out: bundle })
  writeFileSync(bundle, text)
  console.log(`\n== ${name}: ${mutants.length} mutants in ${sources.length} files, judged by ${judges.length} test files`)

  const first = await start(bundle, settings)
  const { rows, covered, atLoad, error } = await first.ask({ dry: true, ...(except === undefined ? {} : { except: except.source }) }, 600_000)
  first.end()
  if (error !== undefined) throw new Error(error)
  const broken = rows.filter(({ failed }) => failed !== undefined)
  if (broken.length > 0) throw new Error(`fail without any mutant:\n${broken.map((one) => `  ${one.name}: ${one.failed}`).join('\n')}`)
  const quick = new Map([...rows].sort((a, b) => a.cost - b.cost).map(({ at }, rank) => [at, rank]))
  const inOrder = (list) => [...list].sort((a, b) => quick.get(a) - quick.get(b))
  const everything = inOrder(quick.keys())
  const slow = rows.filter(({ cost }) => cost > 300).map(({ at }) => at)
  console.log(`${rows.length} tests, ${(rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(1)} s together`)

  // What was tried on this very file by these very tests is not tried again; with `--survivors` what other tests noticed before is believed too.
  const hash = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16)
  // A comment or a line break changes no mutant.
  const contentOf = new Map(sources.map((file) => [relative(root, file), hash(transformSync(readFileSync(file, 'utf8'), { loader: 'ts', minifyWhitespace: true, legalComments: 'none' }).code)]))
  const count = new Map()
  const keyOf = new Map(mutants.map(({ id, fileName, mutatorName, replacement }) => {
    count.set(fileName, (count.get(fileName) ?? 0) + 1)
    return [id, hash(fileName, contentOf.get(fileName), `${count.get(fileName)}`, mutatorName, replacement.replace(/\s+/g, ' '))]
  }))
  const judged = hash(...judges.map((file) => readFileSync(file)))
  const log = join(root, '.cache/mutation', `${name.replace('/', '-')}.jsonl`)
  mkdirSync(dirname(log), { recursive: true })
  const before = values.fresh || !existsSync(log) ? [] : readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
  const known = new Map(before.filter((one) => (values.survivors ? caught(one) : one.judged === judged)).map((one) => [one.key, one]))
  const found = new Map(mutants.flatMap(({ id }) => (known.has(keyOf.get(id)) ? [[id, known.get(keyOf.get(id))]] : [])))
  writeFileSync(log, [...found.values()].map((one) => `${JSON.stringify(one)}\n`).join(''))
  const note = (id, one) => {
    const row = { key: keyOf.get(id), judged, ...one }
    found.set(id, row)
    appendFileSync(log, `${JSON.stringify(row)}\n`)
  }

  const onlyOnce = new Set(mutants.filter(({ mutatorName, replacement }) => mutatorName === 'AssignmentOperator' && replacement.includes('&&=')).map(({ id }) => id))
  const queue = []
  for (const { id } of mutants) {
    if (found.has(id)) continue
    const reach = covered[id]
    // Cheap to find out, so not kept.
    if (reach === undefined && !atLoad.includes(id)) found.set(id, { status: 'NoCoverage' })
    // `??=` that became `&&=` does no harm where the value is there already: only in a new copy it is not.
    else if (reach !== undefined && onlyOnce.has(id)) queue.push({ id, order: [], everything: inOrder(reach.tests), slow, hitLimit: Math.max(10_000, reach.most * 20), atLoad: true })
    else queue.push({ id, order: inOrder(reach?.tests ?? []), ...(atLoad.includes(id) ? { everything } : {}), slow, hitLimit: Math.max(10_000, (reach?.most ?? 1) * 20), atLoad: atLoad.includes(id) })
  }
  const until = values.minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(values.minutes) * 60_000
  let done = 0
  const total = queue.length
  await Promise.all(Array.from({ length: Number(values.workers) }, async () => {
    let worker
    for (let task = queue.shift(); task !== undefined && performance.now() < until; task = queue.shift()) {
      worker ??= await start(bundle, settings)
      const ask = (one) => {
        const longest = 20_000 + 8 * (one.everything ?? one.order).reduce((sum, at) => sum + (rows.find((row) => row.at === at)?.milliseconds ?? 0), 0)
        return worker.ask(one, longest).catch((error) => ({ status: error.message === 'slow' ? 'Timeout' : 'Killed', by: error.message, gone: true }))
      }
      let answer = await ask(task)
      // A table that is made once, when first asked for, was made before this mutant was switched on.
      if (answer.status === 'Survived' && answer.reached === false) answer = await ask({ ...task, order: [], everything, atLoad: true })
      note(task.id, { status: answer.status, ...(answer.by === undefined ? {} : { by: answer.by }) })
      if (answer.gone === true || answer.memory > 1_500_000_000) { worker.end(); worker = undefined }
      done += 1
      if (done % 50 === 0) console.log(`${done} of ${total}, ${[...found.values()].filter((one) => !caught(one)).length} unnoticed so far`)
    }
    worker?.end()
  }))
  return summary(name, sources, mutants, found)
}

function summary(name, sources, mutants, found) {
  const lines = new Map(sources.map((file) => [file.slice(root.length + 1), readFileSync(file, 'utf8').split('\n')]))
  // Where the time ran out only files that were tried to the end count (what is noticed is known before what is not), and the page says how much that is.
  const open = new Set(mutants.filter(({ id }) => !found.has(id)).map(({ fileName }) => fileName))
  const tried = mutants.filter(({ fileName }) => !open.has(fileName))
  const files = [...lines.keys()].map((file) => {
    const here = tried.filter(({ fileName }) => fileName === file)
    return { file, mutants: here.length, unnoticed: here.filter(({ id }) => !caught(found.get(id))).length }
  })
  const survivors = tried.filter(({ id }) => !caught(found.get(id))).map(({ id, fileName, location, mutatorName, replacement }) => {
    const text = lines.get(fileName)
    // The instrumenter counts lines from 0.
    const { start, end } = location
    const what = start.line === end.line ? text[start.line].slice(start.column, end.column) : `${text[start.line].slice(start.column)} ...`
    return { file: fileName, line: start.line + 1, status: found.get(id).status, mutator: mutatorName, text: text[start.line].trim().slice(0, 240), what: what.trim().slice(0, 160), into: replacement.replace(/\s+/g, ' ').slice(0, 160) }
  })
  if (values.show) for (const one of survivors) console.log(`${one.file}:${one.line} ${one.status} ${one.mutator}: ${one.what} -> ${one.into}`)
  const timeouts = [...found.values()].filter(({ status }) => status === 'Timeout').length
  return { commit: git('rev-parse', '--short', 'HEAD'), changed: git('status', '--porcelain', '--', folders[name].source) !== '', date: new Date().toISOString().slice(0, 10), mutants: mutants.length, tried: tried.length, timeouts, files, survivors }
}

/** A process that tries mutants; `ask` rejects with `slow` when there is no answer in time. */
async function start(bundle, settings) {
  const child = fork(join(root, 'scripts/mutation/runner.mjs'), [pathToFileURL(bundle).href], { env: { ...process.env, ...settings }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--max-old-space-size=3000'] })
  const next = (milliseconds) => new Promise((hear, fail) => {
    const timer = setTimeout(() => over(fail, new Error('slow')), milliseconds)
    const heard = (message) => over(hear, message)
    const ended = () => over(fail, new Error('the process ended'))
    const over = (settle, value) => { clearTimeout(timer); child.off('message', heard); child.off('exit', ended); settle(value) }
    child.once('message', heard)
    child.once('exit', ended)
  })
  await next(120_000)
  return {
    ask(task, milliseconds) { const answer = next(milliseconds); child.send(task); return answer },
    end() { child.kill('SIGKILL') },
  }
}
