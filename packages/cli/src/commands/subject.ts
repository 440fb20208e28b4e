import { writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { Subjects } from '@cabut/postgres'
import type { Console } from '../console.js'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import { InputError } from '../input.js'
import { privacyFrom, privacyOptions } from '../privacy-key.js'
import type { CommandSpec } from '../program.js'
import { locationOptions, openLocation } from '../store-location.js'

const places = [...locationOptions, ...privacyOptions]
const orderOptions = [
  { flags: '--ground <text>', text: { id: 'dasar: surat permohonan, pasal, atau perkara (tanpa data pribadi)', en: 'ground: letter, article of law or case (no personal data)' }, required: true },
  { flags: '--by <id>', text: { id: 'petugas yang memerintahkan (bawaan: akun Anda)', en: 'officer who orders it (default: your account)' } },
] as const

/** Runs on the rights of subjects over the named store. */
async function withSubjects(options: Readonly<Record<string, unknown>>, run: (subjects: Subjects) => Promise<ExitCode>): Promise<ExitCode> {
  const privacy = await privacyFrom(options)
  if (privacy === undefined) throw new InputError({ id: 'sebutkan kunci data pribadi (CABUT_PRIVACY_KEY_FILE atau --key-file)', en: 'name the key for personal data (CABUT_PRIVACY_KEY_FILE or --key-file)' })
  const { migrate, openSubjects, openVault } = await import('@cabut/postgres')
  const database = await openLocation(options)
  try {
    await migrate(database)
    return await run(await openSubjects(database, await openVault(database, privacy)))
  } finally {
    await database.close()
  }
}

function orderOf(options: Readonly<Record<string, unknown>>): { readonly by: string; readonly ground: string; readonly at: Date } {
  const { by, ground } = options
  return { by: typeof by === 'string' ? by : userInfo().username, ground: typeof ground === 'string' ? ground : '', at: new Date() }
}

const find: CommandSpec = {
  usage: 'subject find',
  summary: { id: 'cari orang lewat nama pengguna, surel, atau nomor identitas (dari masukan standar)', en: 'find a person by user name, mail address or identity number (read from standard input)' },
  options: places,
  async run(console, _args, options) {
    // Not on the command line: it would stand in the shell's history and in the list of processes.
    const value = (await readStandardInput()).trim()
    if (value === '') throw new InputError({ id: 'masukan standar kosong', en: 'standard input is empty' })
    return withSubjects(options, async (subjects) => {
      const found = await subjects.find(value)
      console.document({ subjects: found })
      for (const subject of found) console.line(subject)
      if (found.length === 0) console.line(console.say({ id: 'tidak ditemukan', en: 'not found' }))
      return found.length === 0 ? exitCodes.unknown : exitCodes.good
    })
  },
}

const exportSubject: CommandSpec = {
  usage: 'subject export <id>',
  summary: { id: 'salinan semua data satu orang (UU 27/2022 pasal 7)', en: "a copy of all data of one person (UU 27/2022 art. 7)" },
  options: [...places, { flags: '--out <file>', text: { id: 'tulis ke berkas (tidak menimpa)', en: 'write to a file (never over one)' } }],
  run: async (console, [subject = ''], options) => withSubjects(options, async (subjects) => {
    const copy = await subjects.export(subject, new Date())
    const { out } = options
    console.document(copy)
    if (typeof out === 'string') {
      await writeFile(out, `${JSON.stringify(copy, null, 2)}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
        throw new InputError({ id: `${out}: tidak dapat ditulis (sudah ada?)`, en: `${out}: cannot be written (does it exist?)` }, { cause: error })
      })
      console.line(`${out}: ${copy.cases.length} ${console.say({ id: 'berkas', en: 'cases' })}`)
      return exitCodes.good
    }
    for (const one of copy.cases) {
      console.line(`${one.id} ${one.register ?? ''} ${one.status} (${one.parts.join(', ')})`)
      for (const [field, value] of Object.entries(one.personal)) console.line(`  ${field}: ${value ?? console.say({ id: 'dihapus', en: 'erased' })}`)
    }
    return exitCodes.good
  }),
}

const restrict: CommandSpec = {
  usage: 'subject restrict <id>',
  summary: { id: 'batasi: data disimpan, tidak dibaca siapa pun (UU 27/2022 pasal 11); --lift mengakhirinya', en: 'restrict: data is kept and read by nobody (UU 27/2022 art. 11); --lift ends it' },
  options: [...places, { ...orderOptions[0], required: false }, orderOptions[1], { flags: '--lift', text: { id: 'akhiri pembatasan', en: 'end the restriction' } }],
  run: async (console, [subject = ''], options) => withSubjects(options, async (subjects) => {
    if (options['lift'] === true) {
      const lifted = await subjects.lift(subject)
      return done(console, { subject, lifted }, lifted ? { id: 'pembatasan berakhir', en: 'the restriction is over' } : { id: 'tidak sedang dibatasi', en: 'was not restricted' })
    }
    await subjects.restrict(subject, grounded(options))
    return done(console, { subject, restricted: true }, { id: 'dibatasi', en: 'restricted' })
  }),
}

const hold: CommandSpec = {
  usage: 'subject hold <id>',
  summary: { id: 'penahanan hukum: larang penghapusan (UU 27/2022 pasal 15); --lift mengakhirinya', en: 'legal hold: forbid erasing (UU 27/2022 art. 15); --lift ends it' },
  options: [...places, { ...orderOptions[0], required: false }, orderOptions[1], { flags: '--lift', text: { id: 'akhiri penahanan', en: 'end the hold' } }],
  run: async (console, [subject = ''], options) => withSubjects(options, async (subjects) => {
    if (options['lift'] === true) {
      const count = await subjects.release(subject, orderOf(options).by, new Date())
      return done(console, { subject, released: count }, { id: `${count} penahanan diakhiri`, en: `${count} holds ended` })
    }
    await subjects.hold(subject, grounded(options))
    return done(console, { subject, held: true }, { id: 'ditahan', en: 'held' })
  }),
}

const erase: CommandSpec = {
  usage: 'subject erase <id>',
  summary: { id: 'hapus data pribadi satu orang dengan memusnahkan kuncinya, juga di cadangan (UU 27/2022 pasal 8)', en: 'erase the personal data of one person by destroying the keys, in backups as well (UU 27/2022 art. 8)' },
  options: [...places, ...orderOptions, { flags: '--yes', text: { id: 'sungguh hapus; tanpa ini hanya ditunjukkan apa yang akan dihapus', en: 'really erase; without it only what would go is shown' } }],
  run: async (console, [subject = ''], options) => withSubjects(options, async (subjects) => {
    const order = grounded(options)
    if (options['yes'] !== true) {
      const copy = await subjects.export(subject, order.at)
      console.document({ subject, wouldErase: copy.cases.map(({ id, status }) => ({ id, status })), holds: copy.holds.filter((each) => each.liftedAt === undefined) })
      for (const one of copy.cases) console.line(`${one.id} ${one.status}: ${Object.keys(one.personal).join(', ')}`)
      for (const each of copy.holds) if (each.liftedAt === undefined) console.line(`${console.say({ id: 'DITAHAN', en: 'HELD' })}: ${each.ground}`)
      console.line(console.say({ id: 'belum dihapus; ulangi dengan --yes (tidak dapat dikembalikan)', en: 'nothing erased; say --yes (it cannot be undone)' }))
      return exitCodes.good
    }
    const erasure = await subjects.erase(subject, order)
    return done(console, erasure, { id: `dihapus: ${erasure.keys} kunci dimusnahkan, ${erasure.cases.length} berkas`, en: `erased: ${erasure.keys} keys destroyed, ${erasure.cases.length} cases` })
  }),
}

function grounded(options: Readonly<Record<string, unknown>>): ReturnType<typeof orderOf> {
  const order = orderOf(options)
  if (order.ground.trim() === '') throw new InputError({ id: 'sebutkan dasarnya (--ground)', en: 'state the ground (--ground)' })
  return order
}

function done(console: Console, document: object, text: { readonly id: string; readonly en: string }): ExitCode {
  console.document(document)
  console.line(console.say(text))
  return exitCodes.good
}

async function readStandardInput(): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece as Uint8Array))
  return Buffer.concat(pieces).toString('utf8')
}

/** `cabut subject ...`: rights of the people whose data the desk keeps. */
export const subjectCommands: readonly CommandSpec[] = [find, exportSubject, restrict, hold, erase]
