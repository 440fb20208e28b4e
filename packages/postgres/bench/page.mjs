import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { measured, round } from './measure.mjs'

const root = new URL('../../../', import.meta.url)
const version = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version

/** docs/bench-desk.md: what this run measured, also where it is not ahead. */
export function writePage(machine) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const missed = measured.aims.filter(({ reached }) => !reached)
  const text = [
    '# The durable desk measured', '',
    'Written by `npm run bench -- desk --write`; do not edit. Numbers are reported, never asserted in tests: they hang on the machine. Both sides of a ratio were measured in the same run.', '',
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}. ${machine.join('. ')}.`,
    `Peers: DBOS ${version('peers/node_modules/@dbos-inc/dbos-sdk/package.json')}, pg-boss ${version('peers/node_modules/pg-boss/package.json')}; PGlite ${version('../node_modules/@electric-sql/pglite/package.json')}.`,
    `Asked for: \`npm run bench -- desk ${process.argv.slice(2).join(' ')}\`.`, '',
    '## Numbers to reach', '', `${measured.aims.length - missed.length} of ${measured.aims.length} reached.`, '',
    '| what | wanted | measured |  |', '|---|---|---|---|', ...measured.aims.map(({ what, wanted, value, reached }) => `| ${what} | ${wanted} | ${value} | ${reached ? 'reached' : 'missed'} |`), '',
    '## Where the missed ones go', '', ...(missed.length === 0 ? ['None was missed.'] : missed.map(({ what, wanted, value, why }) => `- **${what}** (${wanted}; ${value}): ${why === '' ? 'no profile was taken' : why}.`)), '',
    '## Every row', '',
    ...measured.tables.flatMap(({ title, rows }) => [`### ${title}`, '', '|  |  |  |  |', '|---|---|---|---|', ...rows.map(([name, value, unit = '', note = '']) => `| ${name} | ${typeof value === 'number' ? round(value) : value} | ${unit} | ${note} |`), '']),
  ].join('\n')
  writeFileSync(new URL('docs/bench-desk.md', root), text.trimEnd() + '\n')
  console.log('docs/bench-desk.md written')
}
