// docs/mutation.md from the results of each folder and the reasons for what survives.
export const caught = (one) => one?.status === 'Killed' || one?.status === 'Timeout'

/** Share of mutants that a test noticed, in per cent. */
export function scoreOf(files) {
  const all = files.reduce((sum, { mutants }) => sum + mutants, 0)
  return all === 0 ? 100 : (1 - files.reduce((sum, { unnoticed }) => sum + unnoticed, 0) / all) * 100
}

const cell = (text) => `\`${String(text).replaceAll('|', '\\|').replaceAll('`', "'")}\``

/** The first reason that fits: by the end of the file's path, and by the changed text, its replacement, the mutator and the line it stands on where the reason names them. */
export function reasonOf(survivor, explained) {
  return explained.find(({ file, what, into, mutator, text }) =>
    survivor.file.endsWith(file) && (text === undefined || new RegExp(text).test(survivor.text ?? '')) && (what === undefined || survivor.what.includes(what)) && (into === undefined || survivor.into === into) && (mutator === undefined || survivor.mutator === mutator))?.why
}

export function page(results, explained) {
  const names = Object.keys(results).sort()
  const rows = names.map((name) => {
    const { mutants, tried, survivors, files, commit, changed, date, timeouts } = results[name]
    const open = survivors.filter((one) => reasonOf(one, explained) === undefined).length
    return `| [${name}](#${name.replace('/', '')}) | ${mutants} | ${tried === mutants ? 'all' : tried} | ${survivors.length} | ${scoreOf(files).toFixed(1)} % | ${open} | ${timeouts} | ${commit}${changed ? ' with changes' : ''} | ${date} |`
  })
  return [
    '# Mutation testing', '',
    'Written by `node scripts/mutate.mjs FOLDER...`; do not edit. Every operator, condition, block and text of a folder is changed, one at a time (Stryker\'s instrumenter 9.6.1), and the',
    'folder\'s tests are run: a change that no test notices says where a test is missing, or that the change makes no difference. Unnoticed ones that were looked at carry the reason;',
    'no coverage counts as unnoticed, a run that never ends as noticed. A folder whose mutants were not all tried yet says so: its files come in order of name, so the last are the untried. Wording (`document.ts`) and lists of exports (`index.ts`) are left out.',
    'Not tried yet: `packages/pki/src/letter` (signed PDF letters), and the files that stand beside the folders of pki.', '',
    '| folder | mutants | tried | unnoticed | noticed, of those tried | unnoticed without a reason | by time-out | commit | date |', '|---|---|---|---|---|---|---|---|---|', ...rows, '',
    ...names.flatMap((name) => section(name, results[name], explained)),
  ].join('\n')
}

function section(name, { files, survivors }, explained) {
  const groups = new Map()
  for (const one of survivors) {
    const why = reasonOf(one, explained) ?? ''
    const key = `${one.file} ${one.line} ${one.what} ${one.mutator} ${why}`
    const group = groups.get(key) ?? { ...one, why, into: [] }
    group.into.push(one.into)
    groups.set(key, group)
  }
  return [
    `## ${name}`, '', '| file | mutants | unnoticed | noticed |', '|---|---|---|---|',
    ...files.map(({ file, mutants, unnoticed }) => `| ${file.split('/src/')[1]} | ${mutants} | ${unnoticed} | ${scoreOf([{ mutants, unnoticed }]).toFixed(1)} % |`), '',
    ...(groups.size === 0 ? [] : ['| place | changed | into | why it makes no difference |', '|---|---|---|---|',
      ...[...groups.values()].map(({ file, line, what, into, why, status }) => `| ${file.split('/src/')[1]}:${line} | ${cell(what)} | ${into.map((one) => cell(one === '' ? '(nothing)' : one)).join('<br>')} | ${why === '' ? (status === 'NoCoverage' ? 'no test comes here' : '') : why} |`), '']),
  ]
}
