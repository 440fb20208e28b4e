// docs/bench-pki.md from a report of run.mjs.
import { format, reached } from './measure.mjs'

const cell = (text) => String(text).replaceAll('|', '\\|')
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
const number = (value) => (value === undefined ? 'not measured' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1))

/** What the numbers are, met or not. */
export function targetRows(report) {
  return report.groups.flatMap(({ targets = [] }) => targets.map((target) => {
    const met = reached(target)
    return { ...target, met, wanted: `${target.least ? '>=' : '<='} ${number(target.limit).replace(/\.0+$/, '')}${target.stretch ? ' (stretch)' : ''}`, got: number(target.value) }
  }))
}

export function page(report) {
  const targets = targetRows(report)
  const missed = targets.filter(({ met }) => met === false)
  const lines = [
    '# @cabut/pki measured', '',
    'Written by `npm run bench -- pki --write`; do not edit. Numbers are reported, never asserted in tests: they hang on the machine. Every check is on, peers run with',
    'their limits lifted and are pinned in `packages/pki/bench/package-lock.json`. Rows of a group are measured in interleaved rounds; medians. The main figure is CPU time',
    '(all threads of the process), because the machine is shared; the time by the clock stands beside it. Ratios are of CPU time.', '',
    `${report.date}, commit ${report.commit}. Node ${report.node}, ${report.openssl}. ${report.cores} x ${report.cpu}, ${report.memory} GB, load (1, 5, 15 minutes) ${report.load.join(', ')} at the start and ${report.loadAfter.join(', ')} at the end.`,
    // What others do on the machine costs most where memory is the limit: walks over large files, the index, the first run of anything.
    ...(Number(report.load[0]) > 2 * report.cores ? ['', `**The machine was busy: ${report.load[0]} processes wanted its ${report.cores} cores.** Shared caches and memory make every row dearer, those over large files and those by the clock most; a calm machine gives other ratios.`, ''] : []),
    `Peers: ${Object.entries(report.peers).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
    ...(report.full ? [] : ['', 'Without `--full`: the peers that take minutes for a CRL of 1,000,000 entries were measured at 100,000 entries, once each.']), '',
    '## Numbers to reach', '', `${targets.filter(({ met }) => met === true).length} of ${targets.length} reached${targets.some(({ met }) => met === undefined) ? `, ${targets.filter(({ met }) => met === undefined).length} not measured` : ''}.`, '',
    table(['what', 'wanted', 'measured', ''], targets.map(({ what, wanted, got, met }) => [what, wanted, got, met === undefined ? 'not measured' : met ? 'reached' : 'missed'])), '',
  ]
  if (missed.length > 0) {
    lines.push('## Where the missed ones go', '', 'Every figure here is a row below or a difference of rows.', '')
    for (const { what, wanted, got, why } of missed) lines.push(`- **${what}** (${wanted}; ${got}): ${why ?? 'no profile'}.`)
    lines.push('')
  }
  lines.push('Equality that belongs to these speeds is tested, not measured here: subjects equal OpenSSL\'s on every odd name (`test/name-openssl.test.ts`), requests equal OpenSSL\'s octet for octet (`src/ocsp/request.test.ts`).', '', '## Every row', '')
  for (const group of report.groups) {
    const ours = group.rows.find((row) => row.name.startsWith('@cabut/pki'))
    lines.push(`### ${group.title} (${group.unit})`, '', table(['', 'CPU time', 'times ours', 'by the clock', ''], group.rows.map((row) => [
      row.name, row.value ?? format(row.ns), ours === undefined || row === ours || row.ns === undefined ? '' : (row.ns / ours.ns).toFixed(row.ns / ours.ns < 10 ? 2 : 0),
      row.wall === undefined ? '' : format(row.wall), row.note ?? '',
    ])), '', ...(group.note === undefined ? [] : [group.note, '']))
  }
  return `${lines.join('\n').trimEnd()}\n`
}
