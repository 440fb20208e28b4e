import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { Database, RetentionPolicy } from '@cabut/postgres'
import type { Store } from '@cabut/sdk/store'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import { InputError, readInput, readInstant } from '../input.js'
import { privacyFrom, privacyOptions } from '../privacy-key.js'
import type { CommandSpec } from '../program.js'
import { locationOptions, openLocation } from '../store-location.js'

const places = [...locationOptions, ...privacyOptions]
type Options = Readonly<Record<string, unknown>>

async function withStore(options: Options, run: (store: Store, database: Database) => Promise<ExitCode>): Promise<ExitCode> {
  const privacy = await privacyFrom(options)
  const { createSqlStore } = await import('@cabut/postgres')
  const database = await openLocation(options)
  try {
    return await run(await createSqlStore(database, { closeDatabase: false, ...(privacy === undefined ? {} : { privacy }) }), database)
  } finally {
    await database.close()
  }
}

const policyOption = { flags: '--policy <file>', text: { id: 'jadwal retensi (JSON)', en: 'schedule of retention (JSON)' } } as const

async function readPolicy(options: Options): Promise<RetentionPolicy | undefined> {
  const file = text(options, 'policy')
  if (file === undefined) return undefined
  const { readRetentionPolicy } = await import('@cabut/postgres')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(await readInput(file)))
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError({ id: `${file}: bukan JSON`, en: `${file}: no JSON` }, { cause: error })
  }
  return readRetentionPolicy(value)
}

const exportCommand: CommandSpec = {
  usage: 'archive export <folder>',
  summary: { id: 'tulis berkas lengkap ke folder bertanda tangan: satu berkas, satu masa, atau menurut jadwal retensi', en: 'write whole cases to a signed folder: one case, a period, or by the schedule of retention' },
  options: [
    ...places, policyOption,
    { flags: '--case <id>', text: { id: 'nomor berkas', en: 'id of a case' }, many: true },
    { flags: '--from <time>', text: { id: 'diajukan sejak', en: 'filed since' } }, { flags: '--until <time>', text: { id: 'diajukan sebelum', en: 'filed before' } },
    { flags: '--key <pem>', text: { id: 'kunci privat Ed25519 kantor', en: "the office's Ed25519 private key" }, required: true },
    { flags: '--office <name>', text: { id: 'nama kantor pengarsip', en: 'name of the archiving office' }, required: true },
    { flags: '--ground <text>', text: { id: 'dasar pengarsipan (bawaan: aturan jadwal retensi)', en: 'ground (default: the rules of the schedule)' } },
    { flags: '--without-personal', text: { id: 'tanpa nilai pribadi', en: 'without personal values' } },
  ],
  async run(console, [folder = ''], options) {
    const { dueForArchive, exportArchive, readSigningKey } = await import('@cabut/postgres')
    const keyFile = text(options, 'key') ?? ''
    const key = readSigningKey(await readFile(keyFile, 'utf8').catch((error: unknown) => {
      throw new InputError({ id: `${keyFile}: tidak dapat dibaca`, en: `${keyFile}: cannot be read` }, { cause: error })
    }))
    const policy = await readPolicy(options)
    const named = Array.isArray(options['case']) ? options['case'].filter((id): id is string => typeof id === 'string') : []
    const from = instant(options, 'from')
    const until = instant(options, 'until')
    if (named.length === 0 && policy === undefined && from === undefined && until === undefined) throw new InputError({ id: 'sebutkan --case, --from/--until, atau --policy', en: 'name --case, --from/--until, or --policy' })
    return withStore(options, async (store, database) => {
      const at = new Date()
      const cases = [...named]
      const rules = new Set<string>()
      if (policy !== undefined) for await (const due of dueForArchive(store, policy, at)) { cases.push(due.id); rules.add(`${due.rule.id}: ${due.rule.ground}`) }
      if (from !== undefined || until !== undefined) cases.push(...await filedBetween(store, from, until))
      if (cases.length === 0) {
        console.document({ cases: 0 })
        console.line(console.say({ id: 'tidak ada berkas', en: 'no cases' }))
        return exitCodes.good
      }
      const ground = text(options, 'ground') ?? [...rules].join('; ')
      if (ground === '') throw new InputError({ id: 'sebutkan dasarnya (--ground)', en: 'state the ground (--ground)' })
      const archived = await exportArchive(store, {
        cases, folder, key, office: text(options, 'office') ?? '', ground, at, database, withoutPersonal: options['withoutPersonal'] === true, onProgress: (done, total) => progress(done, total),
      })
      console.document(archived)
      console.line(console.say({ id: `${folder}: ${archived.cases} berkas, ${archived.files} file, arsip ${archived.manifest}`, en: `${folder}: ${archived.cases} cases, ${archived.files} files, archive ${archived.manifest}` }))
      return exitCodes.good
    })
  },
}

const importCommand: CommandSpec = {
  usage: 'archive import <folder>',
  summary: { id: 'periksa arsip dan ambil berkasnya; perubahan apa pun ditolak', en: 'check an archive and take its cases in; any change is refused' },
  options: [
    ...places,
    { flags: '--office-key <pem>', text: { id: 'kunci publik kantor pengarsip, dari kantor itu sendiri', en: "the archiving office's public key, from the office itself" }, required: true },
    { flags: '--check', text: { id: 'hanya periksa', en: 'check only' } },
  ],
  async run(console, [folder = ''], options) {
    const { importArchive, openArchive, readOfficeKey } = await import('@cabut/postgres')
    const archive = await openArchive(folder, readOfficeKey(new TextDecoder().decode(await readInput(text(options, 'officeKey') ?? ''))))
    const { office, ground, createdAt, cases } = archive.head
    console.line(console.say({ id: `SAH: ${cases.length} berkas dari ${office}, ${createdAt} (${ground})`, en: `VALID: ${cases.length} cases from ${office}, ${createdAt} (${ground})` }))
    if (options['check'] === true) {
      console.document({ valid: true, manifest: archive.manifest, ...archive.head })
      return exitCodes.good
    }
    return withStore(options, async (store) => {
      const result = await importArchive(store, archive, progress)
      console.document({ manifest: archive.manifest, ...result })
      console.line(console.say({ id: `${result.imported.length} diambil, ${result.known.length} sudah ada`, en: `${result.imported.length} taken in, ${result.known.length} there already` }))
      return exitCodes.good
    })
  },
}

const due: CommandSpec = {
  usage: 'archive due',
  summary: { id: 'berkas yang menurut jadwal retensi boleh diarsipkan atau dihapus data pribadinya', en: 'cases the schedule of retention lets be archived, or their personal data erased' },
  options: [...places, { ...policyOption, required: true }],
  async run(console, _args, options) {
    const { dueForArchive } = await import('@cabut/postgres')
    const policy = await readPolicy(options)
    return withStore(options, async (store) => {
      const list = []
      if (policy !== undefined) for await (const each of dueForArchive(store, policy, new Date())) list.push(each)
      console.document(list)
      for (const each of list) {
        const may = each.mayErase ? { id: 'boleh dihapus setelah diarsipkan', en: 'may be erased once archived' } : { id: 'boleh diarsipkan', en: 'may be archived' }
        console.line(`${each.id} ${each.endedAt.slice(0, 10)} ${console.say(may)} [${each.rule.id}: ${each.rule.ground}]`)
      }
      return exitCodes.good
    })
  },
}

const retire: CommandSpec = {
  usage: 'archive retire <id>',
  summary: { id: 'hapus data pribadi berkas yang sudah diarsipkan, bila jadwal retensi mengizinkan', en: 'erase the personal data of an archived case, where the schedule of retention allows it' },
  options: [...places, { ...policyOption, required: true }, { flags: '--by <id>', text: { id: 'arsiparis (bawaan: akun Anda)', en: 'archivist (default: your account)' } }],
  async run(console, [id = ''], options) {
    const { openVault, retireCase } = await import('@cabut/postgres')
    const policy = await readPolicy(options)
    const privacy = await privacyFrom(options)
    return withStore(options, async (store, database) => {
      if (policy === undefined) return exitCodes.badInput
      const vault = privacy === undefined ? undefined : await openVault(database, privacy)
      const erased = await retireCase(database, store, id, { policy, by: text(options, 'by') ?? userInfo().username, at: new Date(), ...(vault === undefined ? {} : { vault }) })
      console.document({ id, erased })
      console.line(console.say(erased ? { id: `${id}: data pribadi dihapus`, en: `${id}: personal data erased` } : { id: `${id}: sudah dihapus sebelumnya`, en: `${id}: was erased before` }))
      return exitCodes.good
    })
  },
}

async function filedBetween(store: Store, from: Date | undefined, until: Date | undefined): Promise<readonly string[]> {
  const found: string[] = []
  for (let after: string | undefined; ;) {
    const page = await store.list('all', { limit: 500, ...(after === undefined ? {} : { after }) })
    for (const { id, filedAt } of page) if ((from === undefined || filedAt >= from.toISOString()) && (until === undefined || filedAt < until.toISOString())) found.push(id)
    after = page.at(-1)?.id
    if (page.length < 500 || after === undefined) return found
  }
}

function progress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${total}${done === total ? '\n' : ''}`)
}

function text(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

function instant(options: Options, name: string): Date | undefined {
  const value = text(options, name)
  return value === undefined ? undefined : readInstant(value)
}

/** `cabut archive ...`: signed folders of whole cases, and the schedule of retention. */
export const archiveCommands: readonly CommandSpec[] = [exportCommand, importCommand, due, retire]
