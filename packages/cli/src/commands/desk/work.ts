import { setTimeout as sleep } from 'node:timers/promises'
import { CabutError, statuses, type RequestView, type Status } from '@cabut/sdk'
import type { EffectView } from '@cabut/sdk/store'
import { dailyOf } from '../../checkpoint/of-desk.js'
import { exitCodes } from '../../exit-codes.js'
import { InputError } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { deskOptions, openDesk, type OpenDesk } from './open.js'
import { explained } from './refusal.js'
import { maybe } from './run.js'
import { listLine, localTime } from './view.js'

/** `cabut desk work`: runs the desk's effects: what is due now, or for as long as told. */
export const deskWork: CommandSpec = {
  usage: 'desk work',
  summary: { id: 'kerjakan yang sudah waktunya: AMS, bukti, pemberitahuan', en: 'do what is due: AMS, proof, notices' },
  options: [
    { flags: '--follow', text: { id: 'terus bekerja sampai Ctrl-C atau SIGTERM', en: 'go on until Ctrl-C or SIGTERM' } }, { flags: '--for <seconds>', text: { id: 'bekerja selama ini', en: 'work for this long' } },
    { flags: '--concurrency <number>', text: { id: 'pekerjaan sekaligus (bawaan 4)', en: 'effects at a time (default 4)' } }, ...deskOptions,
  ],
  run: (console, _args, options) => explained(console, async () => {
    const seconds = maybe(options, 'for') === undefined ? 0 : readNumber(maybe(options, 'for') ?? '', '--for')
    const concurrency = maybe(options, 'concurrency')
    const office = await openDesk(options, concurrency === undefined ? {} : { concurrency: readNumber(concurrency, '--concurrency') })
    const stop = new AbortController()
    const stopping = (): void => stop.abort()
    process.once('SIGINT', stopping).once('SIGTERM', stopping)
    try {
      const end = Date.now() + seconds * 1_000
      let done = 0
      const warnings = new Set<string>()
      const checkpoints = await dailyOf(office, {
        onStamped: (path) => console.line(console.say({ id: `penanda waktu: ${path}`, en: `timestamp: ${path}` })),
        onWritten: (path) => console.line(console.say({ id: `titik periksa: ${path}`, en: `checkpoint: ${path}` })),
        onWarning(warning) {
          const { code, detail, row } = warning instanceof CabutError ? warning : { code: 'unknown', detail: undefined, row: { id: String(warning), en: String(warning) } }
          warnings.add(code)
          console.line(`! ${console.say(row)}${detail === undefined ? '' : `: ${detail}`} [${code}]`)
        },
      })
      do {
        await checkpoints?.tend()
        const round = await office.desk.runEffects()
        done += round
        if (round > 0) continue
        if (options['follow'] !== true && Date.now() >= end) break
        const next = await office.store.nextEffectAt()
        const until = next === undefined ? 5_000 : Math.max(50, Date.parse(next) - Date.now())
        await sleep(Math.min(until, 5_000, options['follow'] === true ? 5_000 : Math.max(50, end - Date.now())), undefined, { signal: stop.signal }).catch(() => {})
      } while (!stop.signal.aborted)
      const waiting = await office.desk.effects()
      console.document({ done, waiting: waiting.filter(({ status }) => status !== 'parked').length, parked: waiting.filter(({ status }) => status === 'parked'), ...(warnings.size === 0 ? {} : { warnings: [...warnings] }) })
      console.line(console.say({ id: `${done} pekerjaan dijalankan, ${waiting.length} menunggu`, en: `${done} effects run, ${waiting.length} waiting` }))
      return exitCodes.good
    } finally {
      process.off('SIGINT', stopping).off('SIGTERM', stopping)
      await office.close()
    }
  }),
}

/** What a desk owes the people who run it. */
export interface DeskHealth {
  readonly open: number
  readonly byStatus: Readonly<Partial<Record<Status, number>>>
  readonly queue: { readonly waiting: number; readonly running: number; readonly parked: readonly EffectView[]; readonly oldestDue?: string }
  readonly breached: readonly { readonly id: string; readonly register?: string; readonly due?: string }[]
  readonly contradicted: readonly string[]
  /** The newest CRL or OCSP answer a proof rests on. */
  readonly evidence?: { readonly thisUpdate: string; readonly nextUpdate?: string; readonly stale: boolean }
}

/** Looks through the desk, page by page. */
export async function healthOf({ desk }: Pick<OpenDesk, 'desk'>, now: Date): Promise<DeskHealth> {
  const effects = await desk.effects()
  const byStatus: Partial<Record<Status, number>> = {}
  const breached: DeskHealth['breached'][number][] = []
  const contradicted: string[] = []
  let newest: RequestView['proof']
  let open = 0
  for await (const { id, register, status, clock, proof } of everyRequest(desk)) {
    byStatus[status] = (byStatus[status] ?? 0) + 1
    if (proof !== undefined && (newest === undefined || proof.thisUpdate > newest.thisUpdate)) newest = proof
    if (status === 'contradicted') contradicted.push(id)
    if (statuses[status].final) continue
    open += 1
    if (clock.breached) breached.push({ id, ...(register === undefined ? {} : { register }), ...(clock.deadline === undefined ? {} : { due: clock.deadline.due }) })
  }
  const waiting = effects.filter(({ status }) => status === 'waiting')
  const oldestDue = waiting.map(({ dueAt }) => dueAt).sort()[0]
  return {
    open, byStatus, breached, contradicted,
    queue: { waiting: waiting.length, running: effects.filter(({ status }) => status === 'running').length, parked: effects.filter(({ status }) => status === 'parked'), ...(oldestDue === undefined ? {} : { oldestDue }) },
    ...(newest === undefined ? {} : {
      evidence: { thisUpdate: newest.thisUpdate, ...(newest.nextUpdate === undefined ? {} : { nextUpdate: newest.nextUpdate }), stale: newest.nextUpdate !== undefined && Date.parse(newest.nextUpdate) < now.getTime() },
    }),
  }
}

/** `cabut desk status`: queue depth, oldest due, breaches, parked jobs, freshness of the CRL; exit code 34 when something needs a person. */
export const deskStatus: CommandSpec = {
  usage: 'desk status',
  summary: { id: 'antrean, batas waktu, pekerjaan tertunda, bukti bertentangan, usia CRL', en: 'queue, breaches, parked jobs, contradictions, age of the CRL' },
  options: [...deskOptions],
  run: (console, _args, options) => explained(console, async () => {
    const office = await openDesk(options)
    try {
      const health = await healthOf(office, new Date())
      const { queue, byStatus, breached, contradicted, evidence } = health
      console.document(health)
      console.line(console.say({ id: `${health.open} permohonan berjalan`, en: `${health.open} requests under way` }))
      for (const [status, count] of Object.entries(byStatus) as [Status, number][]) console.line(`  ${String(count).padStart(7)}  ${console.say(statuses[status])}`)
      console.line(`${console.say({ id: 'Antrean', en: 'Queue' })}: ${queue.waiting} ${console.say({ id: 'menunggu', en: 'waiting' })}, ${queue.running} ${console.say({ id: 'berjalan', en: 'running' })}${queue.oldestDue === undefined ? '' : `, ${console.say({ id: 'tertua', en: 'oldest' })} ${localTime(queue.oldestDue)}`}`)
      for (const { caseId, kind, note } of queue.parked) console.line(`  ! ${console.say({ id: 'tertunda', en: 'parked' })}: ${caseId} ${kind}${note === undefined ? '' : `: ${note}`}`)
      for (const { id, due } of breached) console.line(`  ! ${console.say({ id: 'batas waktu terlampaui', en: 'time limit breached' })}: ${id}${due === undefined ? '' : ` ${localTime(due)}`}`)
      for (const id of contradicted) console.line(`  ! ${console.say(statuses.contradicted)}: ${id}`)
      if (evidence !== undefined) console.line(`${console.say({ id: 'Bukti terbaru', en: 'Newest evidence' })}: ${evidence.thisUpdate}${evidence.nextUpdate === undefined ? '' : ` - ${evidence.nextUpdate}`}${evidence.stale ? console.say({ id: ' (BASI)', en: ' (STALE)' }) : ''}`)
      return queue.parked.length + breached.length + contradicted.length > 0 ? exitCodes.attention : exitCodes.good
    } finally {
      await office.close()
    }
  }),
}

/** `cabut watch`: compares later CRLs with every proof that is due; exit code 34 when evidence contradicts itself. */
export const watch: CommandSpec = {
  usage: 'watch',
  summary: { id: 'bandingkan CRL baru dengan setiap bukti; laporkan pertentangan', en: 'compare later CRLs with every proof; report contradictions' },
  options: [{ flags: '--follow', text: { id: 'terus mengawasi sampai Ctrl-C atau SIGTERM', en: 'go on until Ctrl-C or SIGTERM' } }, ...deskOptions],
  run: (console, _args, options) => explained(console, async () => {
    const office = await openDesk(options)
    const stop = new AbortController()
    const stopping = (): void => stop.abort()
    process.once('SIGINT', stopping).once('SIGTERM', stopping)
    try {
      const known = new Set<string>()
      const found: RequestView[] = []
      for (;;) {
        while (!stop.signal.aborted && await office.desk.runEffects() > 0) { /* effects call for further effects */ }
        for await (const view of everyRequest(office.desk, 'contradicted')) {
          if (known.has(view.id)) continue
          known.add(view.id)
          found.push(view)
          console.line(listLine(console, view))
          for (const event of await office.desk.history(view.id)) {
            const findings = event.type === 'contradicted' ? (event.data as { findings?: readonly { kind: string; sha256?: string }[] }).findings ?? [] : []
            for (const { kind, sha256 } of findings) console.line(`  ${localTime(event.time)}  ${kind}${sha256 === undefined ? '' : ` sha256 ${sha256}`}`)
          }
        }
        if (options['follow'] !== true || stop.signal.aborted) break
        await sleep(5_000, undefined, { signal: stop.signal }).catch(() => {})
      }
      const watched = (await office.desk.effects()).filter(({ kind }) => kind === 'watch')
      const next = watched.map(({ dueAt }) => dueAt).sort()[0]
      console.document({ watched: watched.length, next, contradicted: found.map(({ id, register, statusReason, proof }) => ({ id, register, statusReason, proof })) })
      console.line(console.say({ id: `${watched.length} bukti diawasi${next === undefined ? '' : `, berikutnya ${localTime(next)}`}; ${found.length} bertentangan`, en: `${watched.length} proofs watched${next === undefined ? '' : `, next ${localTime(next)}`}; ${found.length} contradicted` }))
      return found.length > 0 ? exitCodes.attention : exitCodes.good
    } finally {
      process.off('SIGINT', stopping).off('SIGTERM', stopping)
      await office.close()
    }
  }),
}

/** Every request, page by page. */
export async function* everyRequest(desk: OpenDesk['desk'], status?: Status): AsyncGenerator<RequestView> {
  for (let after: string | undefined; ;) {
    const page = await desk.list({ limit: 200, ...(status === undefined ? {} : { status }), ...(after === undefined ? {} : { after }) })
    yield* page
    after = page.at(-1)?.id
    if (page.length < 200) return
  }
}

function readNumber(text: string, flag: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InputError({ id: `${flag}: bilangan di atas nol`, en: `${flag}: a number above zero` })
  return value
}
