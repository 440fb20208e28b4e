// The numbers of every measured page, one line of JSON for each run: docs/bench-history/NAME.jsonl holds the day, the commit and all tables of docs/bench-NAME.md as
// they then were. `npm run bench -- NAME --write` adds a line; `node scripts/bench-history.mjs --check` says which page's numbers the last line does not hold.
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, 'docs', 'bench-history')
/** Where a bench is called otherwise than its page. */
const pages = { sdk: 'service' }
const cellsOf = (line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())

/** All tables of a page: the heading above each, its head, its rows. */
export function tablesOf(markdown) {
  const tables = []
  let heading = ''
  let table
  for (const line of markdown.split('\n')) {
    if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '')
    if (!line.startsWith('|')) { table = undefined; continue }
    if (table === undefined) tables.push(table = { heading, head: cellsOf(line), rows: [] })
    else if (!/^\|[-:| ]+\|$/.test(line)) table.rows.push(cellsOf(line))
  }
  return tables
}

const read = (page) => readFileSync(join(root, 'docs', `bench-${page}.md`), 'utf8')
const lastOf = (file) => JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1))

/** Adds what the page of a bench says now, unless the last line says it already. */
export function recordBench(bench) {
  const page = pages[bench] ?? bench
  const text = read(page)
  const file = join(folder, `${page}.jsonl`)
  const line = lineOf(text)
  if (line === undefined) throw new Error(`docs/bench-${page}.md names no day and commit`)
  if (existsSync(file) && sameNumbers(lastOf(file), line)) return
  mkdirSync(folder, { recursive: true })
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}

/** One run: the day, the commit, the machine and peers in the page's own words, the tables. */
export function lineOf(text) {
  const run = /^\d{4}-\d{2}-\d{2}, commit [\s\S]*?\n(?=\n)/m.exec(text)?.[0].replace(/\s+/g, ' ').trim()
  const [, day, commit] = /^(\d{4}-\d{2}-\d{2}), commit ([0-9a-f]{7,})/.exec(run ?? '') ?? []
  return day === undefined ? undefined : { day, commit, run, tables: tablesOf(text) }
}
const sameNumbers = (one, other) => JSON.stringify(one.tables) === JSON.stringify(other.tables)

/** Pages whose numbers are not those of the last line of their history. */
export function withoutHistory() {
  return readdirSync(join(root, 'docs')).flatMap((name) => /^bench-([\w-]+)\.md$/.exec(name)?.[1] ?? []).filter((page) => {
    const file = join(folder, `${page}.jsonl`)
    return !existsSync(file) || !sameNumbers(lastOf(file), { tables: tablesOf(read(page)) })
  })
}

if (process.argv.includes('--check')) {
  const stale = withoutHistory()
  for (const page of stale) console.error(`bench-history: docs/bench-${page}.md is not the last line of docs/bench-history/${page}.jsonl: npm run bench -- ${Object.keys(pages).find((bench) => pages[bench] === page) ?? page} --write`)
  process.exitCode = stale.length === 0 ? 0 : 1
}
