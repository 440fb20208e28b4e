const ms = (value) => value >= 100 ? value.toFixed(0) : value.toFixed(1)
const words = { portal: '@cabut/spbe', plain: 'plain Hono' }

/** docs/bench-portal.md. */
export function benchPage({ rows, survived, officers, seconds, pace, version, load, node, commit, cpu, memory }) {
  const of = (kind, at) => rows.filter((row) => row.kind === kind)[at]
  const loads = load.map((one) => one.map((value) => value.toFixed(1)).join(', '))
  const table = (head, lines) => [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines.map((line) => `| ${line.join(' | ')} |`)]
  const acts = Object.keys(rows[0].statements)
  return [
    '# @cabut/spbe measured', '',
    'Written by `npm run bench -- portal --write`; do not edit. Numbers are reported, never asserted in tests: they hang on the machine.', '',
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}. Node ${node.slice(1)}, ${version.replace(/^postgres \(PostgreSQL\)/, 'PostgreSQL')} (fsync and synchronous_commit on, unix socket, row-level security on, 20 connections), ${cpu}, ${memory} GB;`,
    `load (1, 5, 15 minutes) ${loads[0]} at the start and ${loads[1]} at the end. Officers, server and database share the machine, so the figures say more side by side than alone.`, '',
    `${officers} officers, each with a case of their own; by turns they list 20 requests, read one, read one as a ticket, and dispose their own to another verifier (a quarter of all acts are writes).`,
    '*Plain Hono* is a handler that asks the same of the same store and does nothing else: no identity, no rights, no schema, no decision, no words, no seal, no audit.', '',
    '## At once: everybody acts again as soon as they are answered', '',
    ...table(['', 'acts/s', 'p50, ms', 'p99, ms', 'errors'], ['plain', 'portal'].map((kind) => { const row = of(kind, 0); return [words[kind], row.rate.toFixed(0), ms(row.p50), ms(row.p99), `${row.errors} of ${row.acts}`] })), '',
    `With ${officers} acts always in the air the wait is ${officers} divided by the rate: it measures the rate, not the patience of an officer.`, '',
    `## At a human pace: one act every ${pace / 1_000} s each, ${(officers / (pace / 1_000)).toFixed(0)} acts/s`, '',
    ...table(['', 'acts/s', 'p50, ms', 'p99, ms', 'errors'], ['plain', 'portal'].map((kind) => { const row = of(kind, 1); return [words[kind], row.rate.toFixed(0), ms(row.p50), ms(row.p99), `${row.errors} of ${row.acts}`] })), '',
    '## By act, at a human pace: p99, ms, and SQL statements', '',
    ...table(['', ...acts], ['plain', 'portal'].flatMap((kind) => { const row = of(kind, 1); return [[`${words[kind]}, p99`, ...acts.map((act) => ms(row.byAct[act]))], [`${words[kind]}, statements`, ...acts.map((act) => row.statements[act])]] })), '',
    `## Killed under load`, '',
    `The process of the interface was killed (SIGKILL) ${survived.kills} times and started again while all ${officers} officers worked on; each repeated what was not answered under the same key.`,
    `${survived.acts} acts, ${survived.done} dispositions answered: **${survived.lost} lost, ${survived.doubled} doubled** (counted in the histories afterwards).`, '',
    `Every round lasted ${seconds} s after a warm-up of 3 s.`, '',
  ].join('\n')
}
