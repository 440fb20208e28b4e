import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeDecision, describeFiling, assumedAmsProfile, commands, statuses, wordsOf, type AllowedCommand, type RequestView, type RoleName, type Status } from '@cabut/sdk'
import { exitCodes } from '../../exit-codes.js'
import { InputError } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { deskOptions } from './open.js'
import { personOptions, type Acting } from './person.js'
import { commandWord, concluded, roleTitle, sayAllowed } from './refusal.js'
import { maybe, must, oneOf, sit } from './run.js'
import { documentOf, listLine, localTime, noteAccess, sayView } from './view.js'

const options = [...deskOptions, ...personOptions]

/** `cabut desk list`: requests the person may see. */
export const deskList: CommandSpec = {
  usage: 'desk list',
  summary: { id: 'daftar permohonan', en: 'list requests' },
  options: [
    { flags: '--status <word>', text: { id: 'hanya keadaan ini, misalnya verifying', en: 'only this status, such as verifying' } }, { flags: '--mine', text: { id: 'hanya yang menunggu saya', en: 'only those that wait for me' } },
    { flags: '--serial <hex>', text: { id: 'hanya sertifikat ini', en: 'only this certificate' } }, { flags: '--limit <number>', text: { id: 'paling banyak (bawaan 100)', en: 'at most (default 100)' } },
    { flags: '--after <id>', text: { id: 'mulai sesudah id ini', en: 'begin after this id' } }, ...options,
  ],
  run: (console, _args, given) => sit(console, given, async ({ office: { desk }, person }) => {
    const status = oneOf(maybe(given, 'status'), Object.keys(statuses) as Status[], '--status')
    const limit = Number(maybe(given, 'limit') ?? 100)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new InputError({ id: '--limit: 1 sampai 1000', en: '--limit: 1 to 1000' })
    const serial = maybe(given, 'serial')?.toLowerCase().replace(/^0x/, '').replace(/^0+(?=.)/, '')
    const after = maybe(given, 'after')
    const found = await desk.list(
      { limit, ...(status === undefined ? {} : { status }), ...(after === undefined ? {} : { after }), ...(serial === undefined ? {} : { serial }) }, { as: person.actorFor(undefined) },
    )
    const views = given['mine'] === true ? found.filter((view) => mineNow(view, person).length > 0) : found
    console.document({ requests: views.map(documentOf), ...(found.length === limit ? { after: found.at(-1)?.id } : {}) })
    for (const view of views) console.line(listLine(console, view))
    console.line(console.say({ id: `${views.length} permohonan`, en: `${views.length} requests` }) + (found.length === limit ? console.say({ id: `; lanjutan: --after ${found.at(-1)?.id}`, en: `; more: --after ${found.at(-1)?.id}` }) : ''))
    return exitCodes.good
  }),
}

/** `cabut desk show ID`. */
export const deskShow: CommandSpec = {
  usage: 'desk show <id>',
  summary: { id: 'tampilkan satu permohonan', en: 'show one request' },
  options: [{ flags: '--personal', text: { id: 'tampilkan data pribadi; dicatat di access.jsonl', en: 'show personal data; noted in access.jsonl' } }, ...options],
  run: (console, [id = ''], given) => sit(console, given, async ({ office: { desk, folder, standard }, person }) => {
    const view = await desk.get(id, { as: person.actorFor(undefined) })
    const personal = given['personal'] === true
    if (personal) await noteAccess(folder, person.id, view.id, Object.keys(view.state.personal), 'desk show --personal')
    console.document(personal ? { ...documentOf(view), personal: { ...view.state.personal } } : documentOf(view))
    sayView(console, view, standard, personal)
    sayAllowed(console, view.allowed)
    return exitCodes.good
  }),
}

/** `cabut desk next [ID]`: whose turn it is, what is allowed, and the command line for what this person may do. */
export const deskNext: CommandSpec = {
  usage: 'desk next [id]',
  summary: { id: 'giliran siapa, dan apa yang boleh dilakukan', en: 'whose turn it is, and what may be done' },
  options,
  run: (console, [id], given) => sit(console, given, async ({ office: { desk }, person }) => {
    const as = person.actorFor(undefined)
    const views = id === undefined ? await everyOpen(desk, as) : [await desk.get(id, { as })]
    const rows = views.map((view) => ({ view, mine: mineNow(view, person) })).filter(({ mine }) => id !== undefined || mine.length > 0)
    console.document(rows.map(({ view, mine }) => ({ id: view.id, status: view.status, turn: statuses[view.status].turn, mine: mine.map(({ command }) => commandWord(command)), allowed: view.allowed, blocked: view.blocked, due: view.clock.deadline?.due })))
    for (const { view, mine } of rows) {
      console.line(listLine(console, view))
      console.line(`  ${console.say({ id: 'Giliran', en: 'Turn' })}: ${statuses[view.status].turn.map((role: RoleName | 'ca') => roleTitle(console, role)).join(', ') || '-'}`)
      if (view.blocked !== undefined) console.line(`  ! ${console.say(view.blocked.advice)}`)
      for (const { command } of mine) console.line(`  cabut desk ${commandWord(command)} ${view.id}   # ${console.say(commands[command])}`)
      if (id !== undefined) sayAllowed(console, view.allowed)
    }
    if (rows.length === 0) console.line(console.say({ id: 'Tidak ada yang menunggu Anda.', en: 'Nothing waits for you.' }))
    return exitCodes.good
  }),
}

/** `cabut desk history ID`: what happened, by whom, when. */
export const deskHistory: CommandSpec = {
  usage: 'desk history <id>',
  summary: { id: 'riwayat permohonan', en: 'history of a request' },
  options: [{ flags: '--personal', text: { id: 'tampilkan alasan dan catatan petugas; dicatat di access.jsonl', en: 'show reasons and remarks of officers; noted in access.jsonl' } }, ...options],
  run: (console, [id = ''], given) => sit(console, given, async ({ office: { desk, folder }, person }) => {
    const personal = given['personal'] === true
    const events = await desk.history(id, { as: person.actorFor(undefined) })
    if (personal) await noteAccess(folder, person.id, id, ['remark', 'decisionReasons'], 'desk history --personal')
    console.document(events.map((event) => ({ ...event, ...(personal ? { words: wordsOf(event) } : {}) })))
    for (const event of events) {
      const words = wordsOf(event)
      const said = words.length === 0 ? '' : personal ? `: ${words.join('; ')}` : console.say({ id: ': [dirahasiakan]', en: ': [withheld]' })
      console.line(`${String(event.seq).padStart(4)}  ${localTime(event.time)}  ${event.type.padEnd(24)} ${event.actor.id} (${event.actor.role})${said}`)
    }
    return exitCodes.good
  }),
}

/** `cabut desk receipt ID --out FOLDER`: the *Bukti pencabutan*. */
export const deskReceipt: CommandSpec = {
  usage: 'desk receipt <id>',
  summary: { id: 'tulis Bukti pencabutan', en: 'write the receipt of proof' },
  options: [
    { flags: '--out <folder>', text: { id: 'folder baru untuk bukti', en: 'new folder for the receipt' }, required: true },
    { flags: '--form <full|public>', text: { id: 'lengkap (bawaan) atau untuk umum, tanpa data pribadi', en: 'full (default) or public, without personal data' } }, ...options,
  ],
  run: (console, [id = ''], given) => sit(console, given, async ({ office: { desk, folder, anchors }, person }) => {
    const form = oneOf(maybe(given, 'form'), ['full', 'public'], '--form') ?? 'full'
    const out = must(given, 'out')
    const files = await desk.receipt(id, { as: person.actorFor(undefined), form })
    const { verifyReceipt } = await import('@cabut/sdk/receipt')
    const { valid } = await verifyReceipt(files, { anchors })
    if (form === 'full') await noteAccess(folder, person.id, id, ['receipt'], 'desk receipt')
    await writeFolder(out, files)
    console.document({ id, out, files: [...files.keys()], valid })
    console.line(`${out}: ${files.size} ${console.say({ id: 'berkas', en: 'files' })}, ${valid ? console.say({ id: 'SAH', en: 'VALID' }) : console.say({ id: 'TIDAK SAH', en: 'NOT VALID' })}`)
    return valid ? exitCodes.good : exitCodes.receiptInvalid
  }),
}

/** `cabut desk task ID`: what to enter in AMS by hand. Shows username and Subject DN, since that is what is entered. */
export const deskTask: CommandSpec = {
  usage: 'desk task <id>',
  summary: { id: 'yang harus dimasukkan ke AMS dengan tangan (menampilkan data pribadi; dicatat)', en: 'what to enter in AMS by hand (shows personal data; noted)' },
  options,
  run: (console, [id = ''], given) => sit(console, given, async ({ office: { desk, folder, configuration }, person }) => {
    const as = person.actorFor('recordAmsAnswer', (await desk.get(id)).allowed)
    const { state } = await desk.get(id, { as })
    const { issuerDn, serial } = state.certificate
    const owed = state.ams.owed ?? (state.ams.write?.operation === 'file' || state.ams.write === undefined ? undefined : state.ams.write.operation)
    const profile = { ...assumedAmsProfile, ...(configuration.ams.reasons === undefined ? {} : { reasons: configuration.ams.reasons }), ...(configuration.ams.reasonLabels === undefined ? {} : { reasonLabels: configuration.ams.reasonLabels }) }
    await noteAccess(folder, person.id, id, ['username', 'subjectDn', 'note'], 'desk task')
    const { username = '-', subjectDn, note } = state.personal
    const task = owed !== undefined && state.ams.recordId !== undefined
      ? describeDecision({ revocationId: state.ams.recordId, decision: owed })
      : describeFiling({
          username, certificate: { issuerDn: issuerDn ?? '-', serial: serial ?? '-', ...(subjectDn === undefined ? {} : { subjectDn }) }, reason: state.reason, ...(note === undefined ? {} : { note }),
          letters: await Promise.all(state.letters.map(async ({ sha256 }) => ({ sha256, bytes: (await desk.evidence(id, sha256)).bytes }))),
        }, profile)
    console.document(task)
    console.line(console.say(task.title))
    for (const [index, step] of task.steps.entries()) console.line(`  ${index + 1}. ${console.say(step)}`)
    return exitCodes.good
  }),
}

/** What this person may do with a request now. */
function mineNow(view: RequestView, person: Acting): readonly AllowedCommand[] {
  if (!isTurnOf(view, person)) return []
  return view.allowed.filter(({ command, roles, persons }) => !always.has(command) && !concluded.has(command) && roles.some((role) => person.roles.includes(role)) && (persons === undefined || persons.includes(person.id))
    && (view.state.disposition === undefined || command !== 'receive' && command !== 'verify' && command !== 'approve' || view.state.disposition.to === person.id))
}

/** Possible nearly always: no reason to call it somebody's turn. */
const always: ReadonlySet<string> = new Set(['attach', 'amend', 'expedite', 'park', 'recordEvidence', 'withdraw', 'reopen'])

function isTurnOf({ status, state }: RequestView, person: Acting): boolean {
  const { turn } = statuses[status]
  const filer = state.filers.includes(person.id) || state.parties.applicant.id === person.id
  return (turn as readonly string[]).some((role) => (role === 'applicant' ? filer : (person.roles as readonly string[]).includes(role))) || (status === 'disposed' && state.disposition?.to === person.id)
    || (status === 'executing' && person.roles.includes('verifier'))
}

async function everyOpen(desk: { list(filter: object, reader: object): Promise<readonly RequestView[]> }, as: object): Promise<readonly RequestView[]> {
  const open = (Object.keys(statuses) as Status[]).filter((status) => !statuses[status].final)
  const found: RequestView[] = []
  for (let after: string | undefined; found.length < 1000;) {
    const page = await desk.list({ status: open, limit: 200, ...(after === undefined ? {} : { after }) }, { as })
    found.push(...page)
    after = page.at(-1)?.id
    if (page.length < 200) break
  }
  return found
}

async function writeFolder(out: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  // Beside it first: a folder that is there is a whole receipt.
  const beside = `${out}.new-${process.pid}`
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(beside, path)), { recursive: true })
    await writeFile(join(beside, path), bytes)
  }
  await rename(beside, out).catch((error: unknown) => {
    throw new InputError({ id: `${out}: sudah ada`, en: `${out}: exists already` }, { cause: error })
  })
}
