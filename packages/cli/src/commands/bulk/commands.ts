import { setTimeout as sleep } from 'node:timers/promises'
import { letterKinds } from '@cabut/sdk/standard'
import {
  advanceRow, createTally, executeList, hasEnded, lookAtRow, remarkOf, rowFindings, rowOutcomes, untilEnded, writeResults, type BulkHands, type RowFinding, type RowOutcome, type RowResult, type RowVerdict,
} from '@cabut/sdk/bulk'
import type { Console } from '../../console.js'
import { exitCodes, type ExitCode } from '../../exit-codes.js'
import { InputError } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { readFindings } from '../desk/act.js'
import { letterText, readLetters } from '../desk/letters.js'
import { deskOptions } from '../desk/open.js'
import { personOptions, rosterActor } from '../desk/person.js'
import { many, maybe, oneOf, sit, type Sitting } from '../desk/run.js'
import { checkList, type ListSettings } from './check-list.js'
import { writeIncident } from './incident.js'
import { beginJob, findJob, openList, writeWhole, type Job, type ListFile } from './job.js'
import { progressBar } from './progress-bar.js'

type Options = Readonly<Record<string, unknown>>
type Option = NonNullable<CommandSpec['options']>[number]

const listOptions: readonly Option[] = [
  { flags: '--reason <code>', text: { id: 'alasan bagi baris yang tidak menyebutnya', en: 'reason for rows that name none' } }, { flags: '--letter <letter>', text: letterText, many: true },
  { flags: '--applicant <id>', text: { id: 'pemohon dari daftar petugas (bawaan: yang bertindak)', en: 'applicant, of the roster (default: who acts)' } },
  { flags: '--opd <code>', text: { id: 'OPD pemohon', en: 'OPD of the applicant' } },
  { flags: '--effective-date <date>', text: { id: 'TMT bagi baris yang tidak menyebutnya', en: 'effective date for rows that name none' } },
  { flags: '--invalidity-date <date>', text: { id: 'tidak dipercaya sejak (YYYY-MM-DD)', en: 'not trusted since (YYYY-MM-DD)' } },
  { flags: '--on-behalf <ground>', text: { id: 'atas nama pemilik: deceased, unreachable, incapacitated', en: 'on behalf of the holders: deceased, unreachable, incapacitated' } },
  { flags: '--incident', text: { id: 'insiden kunci bocor: alasan kunciBocor, dipercepat; menulis daftar penerbitan ulang dan surat yang diragukan', en: 'key compromise: reason kunciBocor, expedited; writes the lists of holders to re-issue and of doubtful letters' } },
  { flags: '--picks <json>', text: { id: 'pilihan bila sertifikat lebih dari satu: {"baris": "nomor seri"}', en: 'choices where there are several certificates: {"row": "serial"}' } },
  { flags: '--ask', text: { id: 'tanyakan pilihan di terminal', en: 'ask for choices at the terminal' } }, { flags: '--format <csv|jsonl>', text: { id: 'bentuk daftar (bawaan: dari nama berkas)', en: 'form of the list (default: by its name)' } },
]
const outOption: Option = { flags: '--out <file>', text: { id: 'berkas hasil per baris (CSV, atau .jsonl)', en: 'result file, a verdict per row (CSV, or .jsonl)' } }
const runOptions: readonly Option[] = [
  outOption,
  { flags: '--to <id>', text: { id: 'petugas penerima disposisi, bila yang bertindak kepala', en: 'officer to dispose to, where the head acts' } },
  { flags: '--data <match|mismatch>', text: { id: 'hasil pemeriksaan seluruh daftar, bila yang bertindak petugas verifikasi', en: 'findings for the whole list, where a verifier acts' } },
  { flags: '--completeness <complete|incomplete>', text: { id: 'kelengkapan surat', en: 'completeness of the letters' } }, { flags: '--subject-dn <match|mismatch|unchecked>', text: { id: 'kecocokan Subject DN', en: 'whether the Subject DNs match' } },
  { flags: '--chunk <number>', text: { id: 'baris sekaligus (bawaan: batas AMS, 100)', en: 'rows at a time (default: the limit of AMS, 100)' } }, { flags: '--per-minute <number>', text: { id: 'pengajuan per menit', en: 'filings a minute' } },
  { flags: '--wait <minutes>', text: { id: 'tunggu bukti setiap baris paling lama sekian menit', en: 'wait for the proof of every row at most this many minutes' } },
]

/** `cabut bulk check FILE`: a verdict for each row; files nothing. */
export const bulkCheck: CommandSpec = {
  usage: 'bulk check <list>',
  summary: { id: 'periksa daftar massal; tidak mengajukan apa pun (kode keluar 40 bila ada baris yang tidak siap)', en: 'check a bulk list; files nothing (exit code 40 when rows are not ready)' },
  options: [...listOptions, outOption, ...deskOptions, ...personOptions],
  run: (console, [path = ''], options) => sit(console, options, async (sitting) => {
    const list = await openList(path, oneOf(maybe(options, 'format'), ['csv', 'jsonl'], '--format'))
    const tally = createTally<RowFinding>()
    const settings = await settingsOf(sitting, options)
    await consume(noting(sitting, checkList(list, sitting.office, settings, ignored(console)), tally), maybe(options, 'out'))
    console.document({ sha256: list.sha256, rows: tally.rows, findings: tally.counts })
    sayFindings(console, tally.counts, tally.rows)
    return ready(tally.counts, tally.rows)
  }),
}

/** `cabut bulk run FILE [--execute]`: without `--execute` a dry run; with it the acting person does their part of every row. */
export const bulkRun: CommandSpec = {
  usage: 'bulk run <list>',
  summary: { id: 'jalankan daftar massal; tanpa --execute hanya uji coba', en: 'run a bulk list; without --execute a dry run only' },
  options: [
    { flags: '--execute', text: { id: 'sungguh-sungguh ajukan (atau disposisikan, setujui) setiap baris', en: 'really file (or dispose, approve) every row' } },
    { flags: '--skip-unready', text: { id: 'jalankan meskipun ada baris yang tidak siap; baris itu dilewati', en: 'run although rows are not ready; those are left out' } }, ...listOptions, ...runOptions, ...deskOptions, ...personOptions,
  ],
  run: (console, [path = ''], options) => sit(console, options, async (sitting) => {
    const list = await openList(path, oneOf(maybe(options, 'format'), ['csv', 'jsonl'], '--format'))
    const known = await findJob(sitting.office.folder, list.sha256)
    if (options['execute'] !== true) {
      const tally = createTally<RowFinding>()
      const verdicts = known?.plan() ?? checkList(list, sitting.office, await settingsOf(sitting, options), ignored(console))
      await consume(noting(sitting, verdicts, tally), maybe(options, 'out'))
      console.document({ dryRun: true, sha256: list.sha256, rows: tally.rows, findings: tally.counts })
      sayFindings(console, tally.counts, tally.rows)
      console.line(console.say({ id: 'UJI COBA: tidak ada yang diajukan. Ulangi dengan --execute.', en: 'DRY RUN: nothing was filed. Repeat with --execute.' }))
      return ready(tally.counts, tally.rows)
    }
    const job = known ?? await begin(sitting, list, options)
    if ('unready' in job) return job.unready
    return execute(sitting, job, options)
  }),
}

/** `cabut bulk resume FILE`: goes on with a list that was begun, with what was said then. */
export const bulkResume: CommandSpec = {
  usage: 'bulk resume <list>',
  summary: { id: 'lanjutkan daftar yang sudah dimulai', en: 'go on with a list that was begun' },
  options: [...runOptions, ...deskOptions, ...personOptions],
  run: (console, [path = ''], options) => sit(console, options, async (sitting) => {
    const list = await openList(path)
    const job = await findJob(sitting.office.folder, list.sha256)
    if (job === undefined) throw new InputError({ id: `${path}: daftar ini belum pernah dijalankan di meja ini (cabut bulk run)`, en: `${path}: this list was never run at this desk (cabut bulk run)` })
    return execute(sitting, job, options)
  }),
}

async function settingsOf({ office, person }: Sitting, options: Options): Promise<ListSettings> {
  const incident = options['incident'] === true
  const [reason, opd, named] = [maybe(options, 'reason') ?? (incident ? 'kunciBocor' : undefined), maybe(options, 'opd'), maybe(options, 'applicant')]
  const { standard, configuration } = office
  const filing = [standard.filing.role, ...standard.filing.onBehalf.map(({ role }) => role)]
  const applicant = named === undefined ? person.actorFor('file', [{ command: 'file', roles: filing }]) : rosterActor(configuration, named, filing)
  const invalidityDate = maybe(options, 'invalidityDate')
  if (incident && invalidityDate === undefined) throw new InputError({ id: '--incident memerlukan --invalidity-date', en: '--incident needs --invalidity-date' })
  if (incident && reason !== 'kunciBocor') throw new InputError({ id: '--incident berarti --reason kunciBocor', en: '--incident means --reason kunciBocor' })
  const [effectiveDate, picks] = [maybe(options, 'effectiveDate'), maybe(options, 'picks')]
  const onBehalf = oneOf(maybe(options, 'onBehalf'), ['deceased', 'unreachable', 'incapacitated'], '--on-behalf')
  return {
    applicant: { id: applicant.id, opd: opd ?? applicant.opd ?? '' }, letterKinds: many(options, 'letter').map((text) => letterKinds.find((kind) => text.startsWith(`${kind}=`)) ?? text), ask: options['ask'] === true,
    ...(reason === undefined ? {} : { reason }), ...(effectiveDate === undefined ? {} : { effectiveDate }), ...(invalidityDate === undefined ? {} : { invalidityDate }),
    ...(onBehalf === undefined ? {} : { onBehalf }), ...(picks === undefined ? {} : { picks }),
  }
}

async function begin(sitting: Sitting, list: ListFile, options: Options): Promise<Job | { readonly unready: ExitCode }> {
  const { console, office } = sitting
  const settings = await settingsOf(sitting, options)
  const letters = await readLetters(many(options, 'letter'))
  const tally = createTally<RowFinding>()
  const { letterKinds: _kinds, picks: _picks, ask: _ask, ...kept } = settings
  let stopped = false
  const verdicts = async function* (): AsyncGenerator<RowVerdict> {
    for await (const verdict of noting(sitting, checkList(list, office, settings, ignored(console)), tally)) yield verdict
    // Validated wholly before anything is filed: with a row that is not ready the list does not begin.
    if (options['skipUnready'] !== true && tally.counts.ready !== tally.rows) { stopped = true; throw new InputError({ id: 'daftar belum siap', en: 'the list is not ready' }) }
  }
  try {
    const count = async function* (): AsyncGenerator<RowVerdict> { yield* verdicts() }
    return await beginJob(office.folder, { list: list.path, sha256: list.sha256, rows: 0, ...kept, incident: options['incident'] === true, beganAt: new Date().toISOString() }, letters, count())
  } catch (error) {
    if (!stopped) throw error
    console.document({ filed: 0, sha256: list.sha256, rows: tally.rows, findings: tally.counts })
    sayFindings(console, tally.counts, tally.rows)
    console.line(console.say({ id: 'TIDAK ADA yang diajukan. Perbaiki daftar, atau lewati baris itu dengan --skip-unready.', en: 'NOTHING was filed. Mend the list, or leave those rows out with --skip-unready.' }))
    return { unready: exitCodes.rowsNotReady }
  }
}

async function execute(sitting: Sitting, job: Job, options: Options): Promise<ExitCode> {
  const { console, office: { desk, database, configuration } } = sitting
  const { sha256 } = job.settings
  const stop = new AbortController()
  const stopping = (): void => stop.abort()
  process.once('SIGINT', stopping).once('SIGTERM', stopping)
  const inline = database.kind === 'pglite'
  // A desk in a directory has no other worker: waiting is working.
  const wait = async (milliseconds: number): Promise<void> => {
    if (!inline || await desk.runEffects() === 0) await sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {})
  }
  const shared = { desk, sha256, wait, now: () => performance.now(), signal: stop.signal }
  try {
    let rows = 0
    for await (const _ of job.plan()) rows += 1
    const bar = progressBar(console, console.say({ id: 'mengajukan', en: 'filing' }), rows)
    let done = 0
    const chunk = number(options, 'chunk') ?? configuration.ams.batchLimit
    const perMinute = number(options, 'perMinute')
    let busy = false
    const advance = { desk, sha256, letters: await job.letters(), hands: handsOf(sitting, job, options) }
    for await (const { detail } of executeList(job.plan(), { ...shared, ...advance, ...(chunk === undefined ? {} : { chunk }), ...(perMinute === undefined ? {} : { perMinute }) })) {
      if (detail === 'amsBusy' || detail === 'interrupted') busy = true
      bar.at(done += 1)
    }
    bar.end()
    const minutes = number(options, 'wait')
    if (minutes !== undefined) {
      const proofs = progressBar(console, console.say({ id: 'bukti', en: 'proof' }), rows)
      await untilEnded(() => job.plan(), minutes * 60_000, { ...shared, onProgress: (ended) => proofs.at(ended) })
      proofs.end()
    }
    const tally = createTally<RowOutcome>()
    let unended = 0
    const out = maybe(options, 'out')
    const results = async function* (): AsyncGenerator<RowResult> {
      for await (const verdict of job.plan()) {
        const seen = await lookAtRow(verdict, { desk, sha256 })
        // A certificate that was revoked already leaves no request behind: its proof is found again by asking again.
        const result = seen.outcome === 'notFiled' && !busy ? await advanceRow(verdict, advance) : seen
        tally.add(result.outcome)
        if (!hasEnded(result)) unended += 1
        yield result
      }
    }
    if (out === undefined) for await (const _ of results()) { /* counted */ }
    else await writeWhole(out, writeResults(results(), /\.jsonl$/i.test(out) ? 'jsonl' : 'csv'))
    const incident = job.settings.incident && out !== undefined ? await writeIncident(sitting, job, out) : undefined
    console.document({ sha256, rows: tally.rows, outcomes: tally.counts, ...(out === undefined ? {} : { out }), ...(incident === undefined ? {} : { incident }) })
    for (const [outcome, count] of Object.entries(tally.counts) as [RowOutcome, number][]) console.line(`${String(count).padStart(8)}  ${console.say(rowOutcomes[outcome])}`)
    if (out !== undefined) console.line(out)
    if (incident !== undefined) for (const file of [incident.reissue.file, incident.letters.file]) console.line(file)
    if (unended > 0) console.line(console.say({ id: `${unended} baris belum selesai: lanjutkan dengan cabut bulk resume`, en: `${unended} rows have not ended: go on with cabut bulk resume` }))
    return (tally.counts.proven ?? 0) + (tally.counts.held ?? 0) + (tally.counts.alreadyRevoked ?? 0) === tally.rows ? exitCodes.good : exitCodes.rowsNotProven
  } finally {
    process.off('SIGINT', stopping).off('SIGTERM', stopping)
  }
}

/** The part of the list that is this person's: to file, to dispose, or to decide. Four eyes stand in between. */
function handsOf({ office: { standard, configuration }, person }: Sitting, job: Job, options: Options): BulkHands {
  const filing = [standard.filing.role, ...standard.filing.onBehalf.map(({ role }) => role)]
  const find = (wanted: readonly string[]): { readonly id: string; readonly role: (typeof person.roles)[number]; readonly opd?: string } | undefined => {
    const entry = person.entries.find(({ role }) => wanted.includes(role))
    return entry === undefined ? undefined : { id: entry.id, role: entry.role, ...(entry.opd === undefined ? {} : { opd: entry.opd }) }
  }
  const to = maybe(options, 'to')
  const findings = readFindings(options)
  const [file, head, decider] = [person.id === job.settings.applicant.id ? find(filing) : undefined, find(['head']), find(['verifier', 'supervisor'])]
  return {
    ...(file === undefined ? {} : { file }),
    ...(head === undefined || to === undefined ? {} : { dispose: { as: head, to: rosterActor(configuration, to, ['verifier', 'coordinator']) } }),
    ...(decider === undefined || findings === undefined ? {} : { decide: { as: decider, findings } }),
  }
}

async function* noting({ console }: Sitting, verdicts: AsyncIterable<RowVerdict>, tally: ReturnType<typeof createTally<RowFinding>>): AsyncGenerator<RowVerdict> {
  for await (const verdict of verdicts) {
    tally.add(verdict.finding)
    if (verdict.finding !== 'ready' && tally.rows - (tally.counts.ready ?? 0) <= 50) {
      const { row, finding, detail, candidates } = remarkOf(verdict)
      console.line(`${String(row).padStart(8)}  ${console.say(rowFindings[finding])}${detail === undefined ? '' : ` (${detail})`}${candidates === undefined ? '' : ` (${candidates})`}`)
    }
    yield verdict
  }
}

async function consume(verdicts: AsyncIterable<RowVerdict>, out: string | undefined): Promise<void> {
  if (out === undefined) {
    for await (const _ of verdicts) { /* counted */ }
    return
  }
  const results = async function* (): AsyncGenerator<RowResult> {
    for await (const { row, finding, detail, issuerDn, serial } of verdicts) {
      yield {
        row, outcome: finding === 'ready' ? 'notFiled' : 'skipped', ...(issuerDn === undefined ? {} : { issuerDn }), ...(serial === undefined ? {} : { serial }),
        detail: detail === undefined ? finding : `${finding}: ${detail}`,
      }
    }
  }
  await writeWhole(out, writeResults(results(), /\.jsonl$/i.test(out) ? 'jsonl' : 'csv'))
}

function sayFindings(console: Console, counts: Readonly<Partial<Record<RowFinding, number>>>, rows: number): void {
  for (const [finding, count] of Object.entries(counts) as [RowFinding, number][]) console.line(`${String(count).padStart(8)}  ${console.say(rowFindings[finding])}`)
  console.line(`${String(rows).padStart(8)}  ${console.say({ id: 'baris', en: 'rows' })}`)
}

function ignored(console: Console): (headings: readonly string[]) => void {
  return (headings) => console.line(`${console.say({ id: 'Kolom yang tidak dibaca', en: 'Columns that are not read' })}: ${headings.join(', ')}`)
}

function ready(counts: Readonly<Partial<Record<RowFinding, number>>>, rows: number): ExitCode {
  return (counts.ready ?? 0) === rows ? exitCodes.good : exitCodes.rowsNotReady
}

function number(options: Options, name: string): number | undefined {
  const text = maybe(options, name)
  if (text === undefined) return undefined
  const value = Number(text)
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  if (!Number.isFinite(value) || value <= 0) throw new InputError({ id: `--${flag}: bilangan di atas nol`, en: `--${flag}: a number above zero` })
  return value
}
