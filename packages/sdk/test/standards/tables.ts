import { lintStandard, loadStandard, standardIds, type ServiceStandard } from '../../src/standard/index.js'
import { clauseRows, dataAt } from './clauses.js'

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, '<br>')
const shorten = (value: unknown): string => {
  const text = Array.isArray(value) ? value.map(String).join('; ') : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 157)}...` : text
}
const sayings = { stated: 'tertulis / stated', silent: 'diam / silent', unknown: 'tidak terbaca / unknown' } as const

/** docs/standards/<id>.md: every clause, where it stands in the data, and the test that proves it. */
export function renderStandard(id: string): string {
  const standard = loadStandard(id)
  return [
    `# ${standard.region.name}: ${standard.title.id}`,
    '',
    `Dibuat dari data oleh \`packages/sdk/test/standards\`; jangan disunting. / Generated from the data; do not edit. Data: \`packages/sdk/src/standard/data/${id}.json\`.`,
    '',
    '## Komponen / Components',
    '',
    '| Klausul / Clause | Komponen / Component | Status | Teks asli / Verbatim | Pembacaan / Reading |',
    '|---|---|---|---|---|',
    ...standard.components.map(
      ({ clause, name, says, verbatim, reading }) =>
        `| ${clause} | \`${name}\` | ${sayings[says]} | ${cell(verbatim.join('\n'))} | ${cell(reading === undefined ? '' : `${reading.id}\n\n*${reading.en}*`).replace('<br><br>', '<br>')} |`,
    ),
    '',
    '## Setiap butir sumber / Every item of the source',
    '',
    'Setiap butir bernomor pada teks asli dan data yang memuatnya. / Every numbered item of the verbatim text, and the data that hold it.',
    '',
    '| Komponen / Component | Butir / Item | Teks asli / Verbatim | Data |',
    '|---|---|---|---|',
    ...itemsOf(standard).map(({ component, item, text, paths }) => `| \`${component}\` | ${item} | ${cell(shorten(text))} | ${paths.map((path) => `\`${path}\``).join(', ')} |`),
    '',
    '## Klausul, data, uji / Clause, data, test',
    '',
    'Uji / test: `packages/sdk/test/standards/by-clause.test.ts`, dengan nama baris / by the name of the row.',
    '',
    '| Klausul / Clause | Data | Isi / Value | Dasar / Basis | Pembacaan kami / Our reading | Uji / Test |',
    '|---|---|---|---|---|---|',
    ...(clauseRows[id] ?? []).map(({ clause, path }) => row(standard, clause, path)),
    '',
    '## Langkah / Steps',
    '',
    '| Klausul / Clause | Langkah / Step | Pelaku / Actor | Perintah / Command | Peran / Role | Syarat / Guards | Jam / Clock | Waktu milik / Time of |',
    '|---|---|---|---|---|---|---|---|',
    ...standard.steps.map(
      ({ clause, title, actor, actorSays, command, role, guards, clock, attributedTo }) =>
        `| ${clause} | ${cell(title.id)} / *${cell(title.en)}* | ${actor}${actorSays === 'stated' ? '' : ' (pembacaan / reading)'} | ${command === undefined ? 'di luar meja / outside the desk' : `\`${command}\``} | ${role} | ${guards.map((guard) => `\`${guard}\``).join(' ')} | ${clock} | ${attributedTo} |`,
    ),
    '',
  ].join('\n')
}

function row(standard: ServiceStandard, clause: string, path: string): string {
  const entry = standard.provenance.find((one) => one.path === path)
  const reading = entry?.divergence === undefined ? '' : `[${entry.divergence}](../divergences.md#${entry.divergence})`
  return `| ${clause} | \`${path}\` | ${cell(shorten(dataAt(standard, path)))} | ${entry === undefined ? '' : sayings[entry.says]} | ${reading} | ${title(standard.id, clause, path)} |`
}

/** A numbered item of the source and where it is encoded. */
export interface SourceItem {
  readonly component: string
  readonly item: string
  readonly text: string
  readonly paths: readonly string[]
}

/**
 * The printed items of each component (`1.`, `a.`, `5.`, or a line where nothing is numbered), and the data that come from that clause: lists whose entries name
 * their clause (steps, channels, classes, stations, laws, letters, omissions), and else the data of the component as a whole.
 */
export function itemsOf(standard: ServiceStandard): readonly SourceItem[] {
  const named: readonly (readonly [string, string])[] = [
    ...standard.steps.map(({ clause }, at) => [clause, `steps[${at}]`] as const),
    ...standard.letters.map(({ clause }, at) => [clause, `letters[${at}]`] as const),
    ...standard.complaints.channels.map(({ clause }, at) => [clause, `complaints.channels[${at}]`] as const),
    ...standard.complaints.classes.map(({ clause }, at) => [clause, `complaints.classes[${at}]`] as const),
    ...standard.complaints.flow.map(({ clause }, at) => [clause, `complaints.flow[${at}]`] as const),
    ...standard.legalBasis.map(({ clause }, at) => [clause, `legalBasis[${at}]`] as const),
    ...standard.components.flatMap(({ omitted = [] }, at) => omitted.map(({ clause }, one) => [clause, `components[${at}].omitted[${one}]`] as const)),
    ...standard.provenance.map(({ path, clause }) => [clause, path] as const),
  ]
  return standard.components.flatMap(({ name, clause, verbatim }) => {
    // Where the source's list lost its numbers it is counted in order; lines of a heading (`:`) belong to it.
    const counts = verbatim.length > 1 && !verbatim.some((text) => text.startsWith('-'))
    let [group, count, heading] = [clause, 0, undefined as string | undefined]
    return verbatim.map((text): SourceItem => {
      const letter = /^([a-z])\./.exec(text)?.[1]
      const number = /^(\d+)\./.exec(text)?.[1]
      let item = group
      if (letter !== undefined) {
        ;[group, count, heading] = [`${clause}.${letter}`, 0, undefined]
        item = group
      } else if (number !== undefined) {
        item = `${group}.${number}`
        heading = text.endsWith(':') ? item : undefined
      } else if (heading !== undefined) item = heading
      else if (counts && !/^Prosedur$|-->/.test(text)) {
        count += 1
        item = `${group}.${count}`
        heading = text.endsWith(':') ? item : undefined
      }
      const at = (test: (one: string) => boolean): readonly string[] => named.filter(([one]) => test(one)).map(([, path]) => path)
      const found = [at((one) => one === item), at((one) => one.startsWith(`${item}.`)), at((one) => one === group || one === clause)].find((paths) => paths.length > 0)
      // An empty component of requirements: the letters that our reading takes from elsewhere.
      return { component: name, item, text, paths: [...new Set(found ?? (name === 'requirements' ? ['letters'] : []))] }
    })
  })
}

/** Name of the test of one row. */
export function title(id: string, clause: string, path: string): string {
  return `${id.split('-')[1]?.replace(/^./, (first) => first.toUpperCase()) ?? id} ${clause}: ${path}`
}

/** docs/standards/findings.md: what the linter finds, with the review of each finding. */
export function renderFindings(
  reviews: Readonly<
    Record<string, readonly { readonly clause: string; readonly code: string; readonly path: string; readonly review: string }[]>
  >,
  sources: Readonly<Record<string, string | object>>,
): string {
  return [
    '# Temuan pada standar pelayanan / Findings in the service standards',
    '',
    'Dibuat dari `lintStandard` dan `findings.json`; jangan disunting. / Generated from `lintStandard` and the reviewed list `findings.json`; do not edit.',
    ...Object.entries(sources).flatMap(([id, source]) => [
      '',
      `## ${id}`,
      '',
      '| Klausul / Clause | Temuan / Finding | Usul / Proposal | Tinjauan / Review |',
      '|---|---|---|---|',
      ...lintStandard(source).map((one) => {
        const review =
          reviews[id]?.find(({ clause, code, path }) => clause === one.clause && code === one.code && path === one.path)?.review ?? ''
        return `| ${one.clause} | ${one.severity}: ${cell(one.id)}<br>*${cell(one.en)}* | ${cell(one.proposal.id)}<br>*${cell(one.proposal.en)}* | ${cell(review)} |`
      }),
    ]),
    '',
  ].join('\n')
}

/** Ids whose tables are published. */
export const documented: readonly string[] = standardIds
