// Compares the table of SECURITY.md, where bytes from outside enter, with the code: files are there, constants have the values said, tests exist.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, verdict } from './repository.mjs'

const problems = []
const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined)
const table = read('SECURITY.md').split('## Where bytes from outside enter')[1] ?? ''
const rows = table.split('\n').filter((line) => line.startsWith('| ')).slice(1).map((line) => line.slice(2, -2).split(' | '))

/** The numbers a name is given in a text: `const limit = 8 * 1024`, `limit: 5`, `options.limit ?? 3`, `{ limit = 7 }`, `@default 9` above it. */
function valuesOf(name, text) {
  const found = []
  const number = (written) => Number(written.split('*').map((factor) => factor.trim()).reduce((product, factor) => product * (/^MI?B$/.test(factor) ? 1_048_576 : Number(factor.replaceAll('_', ''))), 1))
  const expression = '((?:[\\d_]+|MI?B)(?: \\* (?:[\\d_]+|MI?B))*)'
  for (const [, written] of text.matchAll(new RegExp(`\\b${name}\\b(?:: number|\\?: number)?\\s*(?:=|:|\\?\\?)\\s*${expression}`, 'g'))) found.push(number(written))
  for (const [, written] of text.matchAll(new RegExp(`@default ${expression}[^\\n]*\\n\\s*readonly ${name}\\b`, 'g'))) found.push(number(written))
  return found
}

for (const [entry, limit, parsers, tests] of rows) {
  if (tests === undefined || limit.trim() === '') { problems.push(`the row "${entry}" is not whole`); continue }
  const files = parsers.split(', ')
  for (const file of files) if (read(file) === undefined) problems.push(`${entry}: there is no ${file}`)
  for (const [, name, value] of limit.matchAll(/`(\w+)` (\d+)/g)) {
    const values = files.flatMap((file) => valuesOf(name, read(file) ?? ''))
    if (!values.includes(Number(value))) problems.push(`${entry}: ${name} is not ${value} in ${files.join(', ')}${values.length > 0 ? ` but ${values.join(', ')}` : ''}`)
  }
  for (const [, file, title] of tests.matchAll(/([\w./-]+\.test\.ts)(?: "([^"]+)")?/g)) {
    const text = read(file)
    if (text === undefined) problems.push(`${entry}: there is no ${file}`)
    else if (title !== undefined && !text.includes(title)) problems.push(`${entry}: ${file} has no test "${title}"`)
  }
  if (!/\.test\.ts/.test(tests)) problems.push(`${entry}: no test`)
}
if (rows.length < 30) problems.push(`only ${rows.length} rows were read`)
verdict('entries', problems, `${rows.length} places where bytes from outside enter, each with limit, parser and test`)
