// Every number of the measured pages that is not reached or not ahead, gathered from docs/bench-*.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf } from './routes.mjs'

const cellsOf = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim())

/** Rows of a measured page whose verdict says missed, behind, slower or not measured. */
export function missesOf(markdown) {
  const found = []
  let head = []
  for (const [index, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('|')) { head = []; continue }
    const cells = cellsOf(line)
    if (head.length === 0) { head = cells; continue }
    const verdict = cells.at(-1) ?? ''
    if (/^(?:missed|behind|not ahead|slower|not measured|no)\b/i.test(verdict)) found.push({ line: index + 1, cells: [cells[0], ...cells.slice(1, -1).slice(0, 2)], verdict })
  }
  return found
}

/** One table over all measured pages. */
export function missesTable(root, language, routes) {
  const [what, wanted, measured, verdict] = language === 'id' ? ['apa', 'ingin dicapai', 'terukur', 'putusan (menurut halaman pengukuran)'] : ['what', 'wanted', 'measured', 'verdict of the measured page']
  const parts = []
  for (const [path, route] of [...routes].filter(([name]) => name.startsWith('docs/bench-'))) {
    const text = readFileSync(join(root, path), 'utf8')
    const rows = missesOf(text)
    parts.push(`### [${/^# (.+)$/m.exec(text)?.[1] ?? path}](${addressOf(route, language)})\n`)
    if (rows.length === 0) parts.push(language === 'id' ? 'Tidak ada baris yang tertinggal pada halaman itu.\n' : 'No row of that page is behind.\n')
    else parts.push(`| ${what} | ${wanted} | ${measured} | ${verdict} |`, '|---|---|---|---|', ...rows.map(({ cells: [name, a = '', b = ''], verdict: said }) => `| ${name} | ${a} | ${b} | ${said} |`), '')
  }
  return parts.join('\n')
}
